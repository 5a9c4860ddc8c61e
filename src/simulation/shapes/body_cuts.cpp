#include "simulation/shapes/body_cuts.hpp"

#include <cmath>

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

void cut_patch(Shell& shell, float end, bool front, const Patch& patch, const Surface& surface) {
    const auto chosen = [=](const Vector3f& at, const Vector3f& normal, const Surface&) {
        return std::abs(at.x() - end) < 0.5F &&
               (front ? normal.x() > 0.05F : normal.x() < -0.12F) && std::abs(normal.z()) < 0.94F;
    };
    const Faces inside =
        cut(shell, chosen,
            {[=](const Vector3f& at) { return patch.y_low - 1e-3F - at.y(); },
             [=](const Vector3f& at) { return at.y() - patch.y_high; },
             [=](const Vector3f& at) { return patch.z_low + patch.slope * at.y() - at.z(); },
             [=](const Vector3f& at) { return at.z() - patch.z_high - patch.slope * at.y(); }});
    paint(shell, inside, surface);
}

void cut_panel(Shell& shell, const Panel& panel, const Surface& surface, bool left) {
    const auto chosen = [=](const Vector3f&, const Vector3f& normal, const Surface&) {
        return (left ? normal.y() : -normal.y()) > 0.6F;
    };
    const auto leaned = [=](const Vector3f& at) {
        return at.x() + panel.lean * (at.z() - panel.low);
    };
    paint(shell,
          cut(shell, chosen,
              {[=](const Vector3f& at) { return panel.low - at.z(); },
               [=](const Vector3f& at) { return at.z() - panel.high; },
               [=](const Vector3f& at) { return panel.rear - leaned(at); },
               [=](const Vector3f& at) { return leaned(at) - panel.front; }}),
          surface);
}

void cut_arch(Shell& shell, const Arch& arch, Category category) {
    const float inner = arch.half_width - arch.depth - 0.05F;
    const Vector2f hub(arch.x, arch.axle_height);
    const Faces hole = cut(shell,
                           [&](const Vector3f& at, const Vector3f&, const Surface&) {
                               return at.y() > inner - 0.4F &&
                                      std::abs(at.x() - arch.x) < 2 * arch.radius &&
                                      at.z() < arch.axle_height + arch.radius + 0.1F;
                           },
                           {[=](const Vector3f& at) { return inner - at.y(); },
                            [=](const Vector3f& at) {
                                return (Vector2f(at.x(), at.z()) - hub).norm() - arch.radius;
                            }});
    add_rim(shell, hole, Vector3f(0, -arch.depth, 0), {Material::dark_plastic, category, 0},
            [&](const Vector3f& at, const Vector3f& normal, const Surface&) {
                return normal.y() > 0.3F && at.z() > arch.floor + 0.02F;
            });
    erase(shell, hole);
}

}  // namespace distillar::simulation
