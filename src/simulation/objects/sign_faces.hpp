#pragma once
#include <Eigen/Core>
#include <cstdint>

#include "simulation/streets/roadside_styles.hpp"

namespace distillar::simulation {

/// Linear RGB of a traffic sign's face.
/// @param uv    in [0, 1]: right and up over the face's bounding box
/// @param blur  width of a pixel as a share of the face
Eigen::Vector3f sign_colour(Sign sign, const Eigen::Vector2f& uv, float blur, std::uint32_t paint);

/// A printed poster: areas of colour and lines of text. uv metres.
Eigen::Vector3f poster_colour(const Eigen::Vector2f& uv, float blur, std::uint32_t paint);

}  // namespace distillar::simulation
