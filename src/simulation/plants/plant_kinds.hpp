#pragma once
/// Private to the plant files: one function a kind.
#include "base/random.hpp"
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

Mesh make_broadleaf(base::Random& random);
Mesh make_columnar(base::Random& random);
Mesh make_bare_tree(base::Random& random);
Mesh make_conifer(base::Random& random);
Mesh make_palm(base::Random& random);
Mesh make_bush(base::Random& random);

inline constexpr Surface trunk_surface{Material::bark, Category::trunk, 0};
inline constexpr Surface twig_surface{Material::bark, Category::vegetation, 0};

}  // namespace distillar::simulation
