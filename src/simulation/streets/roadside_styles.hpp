#pragma once
/// What Surface::style means for the materials of roadside_appearance.cpp.
#include <cstdint>

namespace distillar::simulation {

/// Material::pole_metal
enum class Finish : std::uint16_t {
    by_paint,  ///< galvanised, grey, green or dark, by the instance's random number
    galvanised,
    anthracite,
    dark_green,
    light_grey,
    yellow,
    red,
    blue,
    white,
    timber,   ///< weathered round wood
    plastic,  ///< bins: black, grey, brown, green or blue by paint
    lamp_glass,
    poster  ///< uv metres
};
inline constexpr int finish_count = static_cast<int>(Finish::poster) + 1;

/// Material::sign_face
enum class Sign : std::uint16_t {
    stop,
    yield,
    speed_limit,
    no_entry,
    turn,  ///< blue disc, white arrow
    warning,
    crossing,
    parking,
    direction,       ///< white board
    direction_blue,  ///< or green, by paint
    priority,        ///< yellow diamond in white
    works,           ///< yellow diamond, dark drawing
    no_parking,
    plate  ///< white rectangle with lines of text
};
inline constexpr int sign_count = static_cast<int>(Sign::plate) + 1;

/// Material::signal_lamp
enum class Lamp : std::uint16_t { red, amber, green, dark_red, dark_amber, dark_green };

/// Material::signal_head: 0 black, 1 yellow, 2 dark green

/// Material::barrier_plastic
enum class Plastic : std::uint16_t {
    red,
    white,
    stripes,  ///< red and white, retroreflective; uv metres
    orange
};

/// Material::cone_plastic
enum class Cone : std::uint16_t { orange, band, foot };

}  // namespace distillar::simulation
