#pragma once
/// Private to the furniture files.
#include <vector>

#include "simulation/shapes/mesh.hpp"
#include "simulation/streets/roadside_styles.hpp"

namespace distillar::simulation {

using Outline = std::vector<Eigen::Vector2f>;  ///< (right, up) of a viewer, counter-clockwise

constexpr Surface metal(Finish finish, Category category = Category::pole) {
    return {Material::pole_metal, category, static_cast<std::uint16_t>(finish)};
}

/// Corners on a circle; the first at `first_angle` (radians from the right).
Outline round_outline(float radius, int corners, float first_angle = 0);
Outline rectangle(float width, float height);

/// A flat plate that looks towards -x, around `centre`; uv spans the outline in [0, 1].
void add_plate(Mesh& mesh, const Outline& outline, const Eigen::Vector3f& centre,
               const Surface& surface);

/// The same, looking towards +x.
void add_plate_back(Mesh& mesh, const Outline& outline, const Eigen::Vector3f& centre,
                    const Surface& surface);

/// A profile in (left, up), counter-clockwise seen against the way, drawn along from -> to.
/// Closed profiles join their ends and get flat end faces, as seen from their middle.
void add_profile(Mesh& mesh, const std::vector<Eigen::Vector2f>& profile,
                 const Eigen::Vector3f& from, const Eigen::Vector3f& to, const Surface& surface,
                 bool closed);

/// A bent pipe through `points`.
void add_pipe(Mesh& mesh, const std::vector<Eigen::Vector3f>& points, float radius, int sides,
              const Surface& surface);

/// An upright post from the ground at (x, y).
void add_post(Mesh& mesh, const Eigen::Vector2f& at, float height, float foot_radius,
              float tip_radius, const Surface& surface);

}  // namespace distillar::simulation
