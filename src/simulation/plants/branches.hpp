#pragma once
/// Private to the plant files: trunks and limbs.
#include <vector>

#include "base/random.hpp"
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// A tree of points; a node's parent stands before it.
struct Branches {
    struct Node {
        Eigen::Vector3f position;
        int parent = -1;
        float tips = 0;  ///< how many ends it carries (pipe model: area ~ ends)
        float path = 0;  ///< metres from the root along the wood
    };
    std::vector<Node> nodes;
    float fork_height = 2;  ///< metres; no limb starts below
};

/// A slightly crooked trunk from the origin to `top`.
Branches start_trunk(const Eigen::Vector3f& top, float fork_height, base::Random& random);

/// A limb to `tip`, leaving the node where it costs least wood and way to the root (after Cuntz et
/// al., One rule to grow them all, 2010), in that node's direction at first.
void grow_limb(Branches& branches, const Eigen::Vector3f& tip, base::Random& random);

/// Tapering tubes. Thicker than 5 cm: trunk; thinner ones: vegetation.
void add_branches(Mesh& mesh, const Branches& branches, float foot_radius);

}  // namespace distillar::simulation
