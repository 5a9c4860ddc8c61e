#include <cmath>
#include <numbers>

#include "simulation/objects/car_design.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

/// Tyre, rim and spokes; the outer side looks to the left (y) or right.
void add_wheel(Mesh& mesh, const Vector3f& centre, float radius, float width, bool left, int spokes,
               Category category) {
    const Surface rubber{Material::rubber, category, 0}, metal{Material::chrome, category, 0};
    const Surface dark{Material::dark_plastic, category, 0};
    const float half = width / 2, rim = 0.68F * radius;
    const std::vector<Vector2f> profile = {
        {0, -half + 0.03F},           {rim, -half},
        {0.95F * radius, -half},      {radius, -half + 0.025F},
        {radius, half - 0.025F},      {0.95F * radius, half},
        {rim, half - 0.004F},         {0.94F * rim, half - 0.012F},
        {0.90F * rim, half - 0.055F}, {0, half - 0.055F}};
    Mesh wheel;
    add_lathe(wheel, Vector3f::Zero(), profile, 20, [&](int band) {
        return band == 6 || band == 7 ? metal : band < 6 ? rubber : dark;
    });
    const float length = 0.92F * rim, breadth = spokes > 6 ? 0.16F : 0.30F;
    for (int i = 0; i < spokes; ++i) {
        const float angle =
            2 * std::numbers::pi_v<float> * static_cast<float>(i) / static_cast<float>(spokes);
        const Eigen::Matrix3f turn = Eigen::AngleAxisf(angle, Vector3f::UnitY()).toRotationMatrix();
        add_box(wheel, turn * Vector3f(0, 0, length / 2) + Vector3f(0, half - 0.045F, 0),
                {breadth * rim, 0.03F, length}, metal, turn);
    }
    add_cylinder(wheel, {0, half - 0.06F, 0}, {0, half - 0.015F, 0}, 0.2F * rim, 0.18F * rim, 10,
                 metal);
    Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
    pose.translation() = centre;
    if (!left) {
        pose.linear() =
            Eigen::AngleAxisf(std::numbers::pi_v<float>, Vector3f::UnitZ()).toRotationMatrix();
    }
    append(mesh, wheel, pose);
}

}  // namespace distillar::simulation
