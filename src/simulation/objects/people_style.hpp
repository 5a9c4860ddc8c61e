#pragma once
#include <cstdint>

namespace distillar::simulation {

/// Surface::style of Material::cloth: which piece of clothing; each has its own colours.
enum ClothStyle : std::uint16_t {
    cloth_upper,
    cloth_lower,
    cloth_shoes,
    cloth_bag,
    cloth_helmet,
    cloth_leather,  ///< motorcyclist's: dark
};

}  // namespace distillar::simulation
