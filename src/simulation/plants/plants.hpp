#pragma once
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

enum class PlantKind : std::uint8_t { broadleaf, columnar, conifer, palm, bare, bush };
inline constexpr int plant_kind_count = static_cast<int>(PlantKind::bush) + 1;

/// A plant at real size (metres, foot at the origin, z up): broadleaf and bare 6-14, columnar 8-15,
/// conifer 6-18, palm 6-10, bush 0.5-2.5 high. Trunk and limbs are Category::trunk, leaves and
/// twigs Category::vegetation: loose small faces in clumps, so that sky is seen and lidar passes
/// through the gaps. The same mesh for the same (kind, variant).
/// Leaves carry uv = (openness, chance): 0 deep in the crown to 1 on its sunny shell; per leaf.
Mesh make_plant(PlantKind kind, std::uint32_t variant);

/// A clipped hedge along from -> to (on the ground): a dense core under a coat of leaves.
void add_hedge(Mesh& mesh, const Eigen::Vector3f& from, const Eigen::Vector3f& to, float height,
               float width, std::uint32_t seed);

/// Rough grass and weeds around `centre` (on the ground), blades up to `height`.
void add_grass_tuft(Mesh& mesh, const Eigen::Vector3f& centre, float radius, float height,
                    std::uint32_t seed);

}  // namespace distillar::simulation
