#pragma once
#include "simulation/buildings/facade.hpp"

namespace distillar::simulation {

/// What one building is painted in: linear RGB.
struct FacadeColours {
    Eigen::Vector3f wall, trim, frame, door, plinth;
    Eigen::Vector3f glass;  ///< tint of an office's panes
    float mirror = 0.12F;   ///< of its panes
};

/// Depends on kind and number.
const FacadeColours& colours_of(const FacadeCode& code);

// Colours of loose parts, chosen by any number.
const Eigen::Vector3f& brick_colour(std::uint32_t choice);
Eigen::Vector3f plaster_colour(std::uint32_t choice);
const Eigen::Vector3f& stone_colour(std::uint32_t choice);
const Eigen::Vector3f& concrete_colour(std::uint32_t choice);
const Eigen::Vector3f& wood_colour(std::uint32_t choice);
const Eigen::Vector3f& roof_colour(std::uint32_t choice);
const Eigen::Vector3f& shop_colour(std::uint32_t choice);   ///< signs, awnings: strong
const Eigen::Vector3f& metal_colour(std::uint32_t choice);  ///< railings

}  // namespace distillar::simulation
