#include "simulation/buildings/facade_look.hpp"
#include "simulation/rendering/pattern.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// The window's cell that a point lies in.
struct Cell {
    std::uint32_t column = 0, floor = 0;
    float x = 0, y = 0;  ///< metres from the window's lower left corner
    float width = 1, height = 1;
    float sill = 0, head = 1, period = 3;  ///< above the floor line; floor to floor
    float above = 0;                       ///< of the point above its floor line
};

Cell cell_at(const FacadePoint& point) {
    const FacadeLayout& layout = point.layout;
    const float u = point.at.uv.x(), v = point.at.uv.y();
    const float column = std::floor(u / layout.bay);
    Cell cell;
    cell.column = static_cast<std::uint32_t>(static_cast<std::int32_t>(column));
    cell.width = layout.right - layout.left;
    cell.x = u - column * layout.bay - layout.left;
    if (v < layout.ground_height) {
        cell.above = v;
        cell.sill = layout.ground_sill;
        cell.head = layout.ground_head;
        cell.period = layout.ground_height;
    } else {
        const float floor = std::floor((v - layout.ground_height) / layout.floor_height);
        cell.floor = 1 + static_cast<std::uint32_t>(floor);
        cell.above = v - layout.ground_height - floor * layout.floor_height;
        cell.sill = layout.sill;
        cell.head = layout.head;
        cell.period = layout.floor_height;
    }
    cell.y = cell.above - cell.sill;
    cell.height = cell.head - cell.sill;
    return cell;
}

/// What hangs behind the glass: albedo, from dark rooms to white curtains.
Vector3f interior(const FacadePoint& point, const Cell& cell) {
    const float width = point.at.footprint;
    const std::uint32_t seed = hash(point.seed, cell.column, cell.floor, 21);
    const float kind = hash_unit(seed, 1), tone = hash_unit(seed, 2);
    const Vector3f room = point.colours.glass * (0.5F + tone);
    const Vector3f cloth = mixed(Vector3f(0.34F, 0.33F, 0.30F), Vector3f(0.5F, 0.49F, 0.46F), tone);
    const Vector3f mean = 0.75F * room + 0.25F * cloth;
    Vector3f seen = room;
    if (kind < 0.3F) {  // curtains at both sides
        const float part = cell.width * (0.14F + 0.14F * hash_unit(seed, 3));
        const float open = repeated_band(cell.x, cell.width, part, cell.width - part, width);
        const float fold = 0.12F * std::sin(cell.x * 55) * visible(0.12F, width);
        seen = mixed(Vector3f(cloth * (1 + fold)), room, open);
    } else if (kind < 0.45F) {  // a thin curtain over all or the lower half
        const float top = hash_unit(seed, 4) < 0.5F ? cell.height : cell.height / 2;
        const float drawn = repeated_band(cell.y, cell.height, 0, top, width);
        const float fold = 0.1F * std::sin(cell.x * 38 + tone * 9) * visible(0.16F, width);
        seen = mixed(room, Vector3f(0.75F * cloth * (1 + fold)), drawn);
    } else if (kind < 0.62F) {  // a blind, let down by a part
        const float from = cell.height * hash_unit(seed, 5);
        const float drawn = repeated_band(cell.y, cell.height, from, cell.height, width);
        const float slats = 0.2F * repeated_band(cell.y, 0.06F, 0, 0.02F, width);
        seen = mixed(room, Vector3f(cloth * (1 - slats)), drawn);
    }
    return mixed(mean, seen, visible(2 * point.layout.bay, width));
}

Appearance glass_look(const FacadePoint& point, const Cell& cell) {
    Appearance glass;
    glass.albedo = interior(point, cell);
    const float tilt = hash_unit(point.seed, cell.column, cell.floor, 4) - 0.5F;
    glass.mirror =
        point.colours.mirror * (1 + 0.4F * tilt * visible(point.layout.bay, point.at.footprint));
    glass.reflectivity = 0.06F;
    glass.transmission = 0.7F;
    return glass;
}

/// Frame bars around and between the panes: share of the pixel.
float frame_share(const FacadePoint& point, const Cell& cell) {
    const bool slim = point.code.kind == FacadeKind::glass || point.code.kind == FacadeKind::ribbon;
    const float bar = slim ? 0.03F : 0.055F, width = point.at.footprint;
    const float pane = cell.width / static_cast<float>(point.layout.panes);
    float open = repeated_band(cell.x, pane, bar, pane - bar, width) *
                 repeated_band(cell.y, cell.height, bar, cell.height - bar, width);
    if (point.layout.transom > 0) {
        const float at = cell.height - point.layout.transom;
        open *= 1 - repeated_band(cell.y, cell.height, at - bar / 2, at + bar / 2, width);
    }
    return 1 - open;
}

Appearance pane_look(const FacadePoint& point, const Cell& cell, bool flat) {
    Appearance look =
        blended(glass_look(point, cell), matt(point.colours.frame, 0.4F), frame_share(point, cell));
    if (flat) {  // the shadow of a reveal that is not there
        const float depth = point.layout.recess, width = point.at.footprint;
        const float top =
            repeated_band(cell.y, cell.height, cell.height - 0.7F * depth, cell.height, width);
        const float side = repeated_band(cell.x, cell.width, 0, 0.4F * depth, width);
        const float shadow = 1 - 0.65F * (top + side - top * side);
        look.albedo *= shadow;
        look.mirror *= shadow;
    }
    return look;
}

/// Opaque bands between the floors of an office.
Appearance spandrel_look(const FacadePoint& point) {
    Appearance look = matt(0.5F * point.colours.glass + 0.1F * point.colours.wall, 0.15F);
    look.mirror = 0.6F * point.colours.mirror;
    const float joint = repeated_band(point.at.uv.x(), point.layout.bay, point.layout.right,
                                      point.layout.right + 0.06F, point.at.footprint);
    return blended(look, matt(point.colours.frame, 0.35F), joint);
}

/// Trim around windows, sills with their shadow, shutters. `window`: the share of the pixel that
/// a window will cover; the rest is what this colours.
Appearance surrounded(const FacadePoint& point, const Cell& cell, float window, Appearance look) {
    const FacadeLayout& layout = point.layout;
    const float width = point.at.footprint, u = point.at.uv.x();
    const auto across = [&](float left, float right) {
        return repeated_band(u, layout.bay, std::max(0.0F, left), std::min(layout.bay, right),
                             width);
    };
    const auto up = [&](float low, float high) {
        return repeated_band(cell.above, cell.period, std::max(0.0F, low),
                             std::min(cell.period, high), width);
    };
    const auto of_rest = [&](float share) {
        return std::clamp(share / std::max(1 - window, 1e-3F), 0.0F, 1.0F);
    };
    if (layout.shutters) {
        const float leaf = std::min(cell.width / 2, layout.left - 0.03F);
        const float share = (across(layout.left - leaf, layout.left - 0.02F) +
                             across(layout.right + 0.02F, layout.right + leaf)) *
                            up(cell.sill, cell.head);
        const float slats = 0.35F * repeated_band(cell.above, 0.07F, 0, 0.03F, width);
        look = blended(look, matt(point.colours.door * (1 - slats), 0.3F), of_rest(share));
    } else if (layout.surround > 0) {
        const float trim = layout.surround;
        const float share = across(layout.left - trim, layout.right + trim) *
                            up(cell.sill, cell.head + 1.4F * trim);
        look = blended(look, matt(point.colours.trim, 0.5F), of_rest(share - window));
    }
    const float sill = across(layout.left - 0.08F, layout.right + 0.08F);
    const float ledge = sill * up(cell.sill - 0.08F, cell.sill);
    look = blended(look, matt(point.colours.trim, 0.5F), of_rest(ledge));
    const float shade = sill * up(cell.sill - 0.16F, cell.sill - 0.08F);
    const float drip = sill * up(cell.sill - 0.6F, cell.sill - 0.16F);
    look.albedo *= 1 - 0.35F * shade - 0.07F * drip;
    return look;
}

}  // namespace

Appearance windows_look(const FacadePoint& point) {
    const FacadeLayout& layout = point.layout;
    const Cell cell = cell_at(point);
    if (point.code.zone == FacadeZone::pane) {
        return pane_look(point, cell, false);
    }
    const bool office = point.code.kind == FacadeKind::glass;
    const float width = point.at.footprint;
    const float share =
        repeated_band(point.at.uv.x(), layout.bay, layout.left, layout.right, width) *
        repeated_band(cell.above, cell.period, cell.sill, cell.head, width);
    Appearance look = office ? spandrel_look(point) : wall_look(point);
    if (!office && point.code.kind != FacadeKind::ribbon) {
        look = surrounded(point, cell, share, look);
    }
    return share <= 0 ? look : blended(look, pane_look(point, cell, true), share);
}

}  // namespace distillar::simulation
