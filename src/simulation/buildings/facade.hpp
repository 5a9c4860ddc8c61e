#pragma once
#include <cstdint>

#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// What a house is faced with. Shared by geometry (building*.cpp) and look (facade_*.cpp).
enum class FacadeKind : std::uint8_t {
    plaster,
    stone,
    brick,
    panel,     ///< storey-high concrete panels
    glass,     ///< curtain wall
    ribbon,    ///< office: bands of windows and of parapets
    grid,      ///< office: wide windows between piers
    siding,    ///< wooden boards
    cottage,   ///< plastered detached house
    villa,     ///< brick detached house
    arcade,    ///< low commercial building
    shed,      ///< corrugated metal
    garage,    ///< a garage door, not a building
    awning,    ///< cloth
    machine,   ///< air conditioners, vents
    furniture  ///< railings, lamps: painted metal
};

/// Which part of it.
enum class FacadeZone : std::uint8_t {
    windows,  ///< a flat wall with windows drawn on it
    blind,    ///< without windows
    pane,     ///< as windows, but only the part behind real reveals
    shop,     ///< shop windows and a door, behind real reveals
    trim,     ///< cornices, sills, frames around windows
    door,
    sign,   ///< the band above a shop
    plinth  ///< foot of the wall
};

/// The 16 bits of Surface::style for Material::facade.
struct FacadeCode {
    FacadeKind kind = FacadeKind::plaster;
    FacadeZone zone = FacadeZone::windows;
    std::uint8_t floor_step = 2;  ///< 0..7: floors of 2.7 + 0.2 * step metres
    std::uint8_t number = 0;      ///< 0..63: colours and proportions
};

std::uint16_t pack(const FacadeCode& code);
FacadeCode unpack_facade(std::uint16_t style);

FacadeCode with_zone(FacadeCode code, FacadeZone zone);

/// Of a building, with this look.
Surface facade_surface(const FacadeCode& code);

/// Proportions, in metres. A cell is one bay wide and one floor high; a window lies in it.
struct FacadeLayout {
    float bay = 3;
    float floor_height = 3.1F;
    float ground_height = 3.5F;       ///< of the ground floor
    float left = 0.9F, right = 2.1F;  ///< of the window in its bay
    float sill = 0.9F, head = 2.4F;   ///< above the floor
    float ground_sill = 1.1F, ground_head = 2.6F;
    float surround = 0;  ///< width of the trim around windows
    int panes = 2;       ///< side by side
    float transom = 0;   ///< height of the fixed upper pane
    bool shutters = false;
    float shop_width = 6;    ///< a whole number of bays
    float shop_head = 2.8F;  ///< top of the shop window
    float door_width = 1.2F, door_height = 2.4F;
    float recess = 0.15F;  ///< depth of windows behind the wall
};

/// Depends on kind, floor_step and number.
const FacadeLayout& layout_of(const FacadeCode& code);

/// Nearest step for a floor height in metres.
std::uint8_t floor_step_of(float floor_height);

}  // namespace distillar::simulation
