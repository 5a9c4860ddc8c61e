#pragma once
/// Private to the plant files: leaves in clumps over a crown.
#include <vector>

#include "base/random.hpp"
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// An egg: an ellipsoid whose lower half is `belly` times as deep as its upper.
struct Crown {
    Eigen::Vector3f centre;
    Eigen::Vector3f radii;
    float belly = 1;
};

/// Distance from the crown's centre in radii: 1 on the shell.
float shell(const Crown& crown, const Eigen::Vector3f& at);

/// 0 deep inside or below, 1 on the shell at the top: how much sky a leaf sees.
float openness(const Crown& crown, const Eigen::Vector3f& at);

/// A random point between two shells, evenly over the directions.
Eigen::Vector3f point_between(const Crown& crown, float inner, float outer, base::Random& random);

/// `count` points between the shells that keep away from each other.
std::vector<Eigen::Vector3f> spread_points(const Crown& crown, int count, float inner, float outer,
                                           base::Random& random);

struct Leaf {
    Eigen::Vector3f base;
    Eigen::Vector3f along;   ///< to the tip, metres
    Eigen::Vector3f across;  ///< to one side, metres
    Eigen::Vector3f normal;  ///< for shading, unit
    Eigen::Vector2f uv;      ///< (openness, chance)
};

/// A pointed leaf: one triangle, or two folded along the midrib.
void add_leaf(Mesh& mesh, const Leaf& leaf, Material material, bool folded);

struct Clump {
    Eigen::Vector3f centre;
    float radius = 1;
    int leaves = 60;
    float leaf_size = 0.25F;  ///< metres, the mean
};

/// Leaves around a clump's centre, denser on its upper and outer side; normals lean away from the
/// clump and the crown.
void add_clump(Mesh& mesh, const Crown& crown, const Clump& clump, base::Random& random);

}  // namespace distillar::simulation
