#include "simulation/buildings/facade.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

namespace {

/// Numbers that a building's kind and number determine.
struct Draw {
    std::uint32_t seed;
    std::uint32_t count = 0;
    float operator()(float low, float high) {
        return low + (high - low) * hash_unit(seed, ++count, 77);
    }
};

/// A window of `width` in the middle of its bay.
void centre_window(FacadeLayout& layout, float width) {
    layout.left = (layout.bay - width) / 2;
    layout.right = (layout.bay + width) / 2;
}

void lay_out_town_house(FacadeLayout& layout, FacadeKind kind, Draw& draw) {
    const bool stone = kind == FacadeKind::stone;
    layout.bay = stone ? draw(2.5F, 3.2F) : draw(2.3F, 3.3F);
    centre_window(layout, draw(1.05F, 1.4F));
    const bool french = draw(0, 1) < (stone ? 0.6F : 0.15F);
    layout.sill = french ? 0.3F : draw(0.75F, 0.95F);
    layout.head =
        std::min(layout.floor_height - 0.45F, layout.sill + draw(1.5F, french ? 2.4F : 1.9F));
    layout.surround =
        draw(0, 1) < (kind == FacadeKind::brick ? 0.4F : 0.65F) ? draw(0.1F, 0.2F) : 0;
    layout.transom = draw(0, 1) < 0.5F ? 0.45F : 0;
    layout.shutters = kind == FacadeKind::plaster && layout.bay > 2.7F && draw(0, 1) < 0.3F;
    layout.ground_height = layout.floor_height + draw(0.3F, 1.0F);
}

void lay_out_panel(FacadeLayout& layout, Draw& draw) {
    layout.bay = draw(2.9F, 3.6F);
    centre_window(layout, draw(1.5F, 2.3F));
    layout.sill = draw(0.8F, 1.0F);
    layout.head = layout.sill + 1.4F;
    layout.panes = 3;
    layout.recess = 0.12F;
    layout.ground_height = layout.floor_height + 0.3F;
}

void lay_out_office(FacadeLayout& layout, FacadeKind kind, Draw& draw) {
    layout.ground_height = layout.floor_height + draw(0.8F, 1.6F);
    layout.panes = 1;
    layout.recess = 0.1F;
    if (kind == FacadeKind::grid) {
        layout.bay = draw(2.6F, 3.8F);
        centre_window(layout, layout.bay - draw(0.4F, 1.0F));
        layout.sill = draw(0.15F, 0.7F);
        layout.head = layout.floor_height - draw(0.25F, 0.5F);
        layout.panes = 2;
        layout.recess = 0.25F;
    } else {
        layout.bay = kind == FacadeKind::glass ? draw(1.2F, 1.7F) : draw(1.4F, 2.2F);
        centre_window(layout, layout.bay - 0.07F);
        layout.sill = kind == FacadeKind::glass ? draw(0.5F, 0.9F) : draw(0.9F, 1.2F);
        layout.head = layout.floor_height - (kind == FacadeKind::glass ? 0.06F : draw(0.3F, 0.6F));
    }
    layout.door_width = std::min(1.9F, layout.bay - 0.12F);
    layout.door_height = 2.5F;
    layout.ground_sill = 0.3F;
    layout.ground_head = layout.ground_height - 0.6F;
}

void lay_out_house(FacadeLayout& layout, Draw& draw) {
    layout.bay = draw(2.6F, 3.6F);
    centre_window(layout, draw(0.95F, 1.6F));
    layout.sill = draw(0.75F, 0.95F);
    layout.head = std::min(layout.sill + draw(1.3F, 1.6F), layout.floor_height - 0.3F);
    layout.surround = draw(0.08F, 0.13F);
    layout.shutters = draw(0, 1) < 0.35F;
    layout.door_width = 1.05F;
    layout.door_height = 2.15F;
    layout.recess = 0.07F;
    layout.ground_height = layout.floor_height + 0.2F;
}

void lay_out_low(FacadeLayout& layout, FacadeKind kind, Draw& draw) {
    layout.bay = draw(3.2F, 4.5F);
    const bool shed = kind == FacadeKind::shed;
    centre_window(layout, shed ? 1.8F : draw(1.6F, 2.4F));
    layout.sill = shed ? layout.floor_height - 1.2F : 0.8F;
    layout.head = layout.floor_height - 0.4F;
    layout.panes = 3;
    layout.ground_height = layout.floor_height + 0.6F;
}

void lay_out_ground(FacadeLayout& layout, Draw& draw) {
    layout.shop_head = std::min(draw(2.5F, 3.0F), layout.ground_height - 0.7F);
    layout.door_height = std::min(layout.door_height, layout.ground_height - 0.5F);
    layout.shop_width = layout.bay * std::max(1.0F, std::round(draw(4.5F, 7.5F) / layout.bay));
}

bool is_office(FacadeKind kind) {
    return kind == FacadeKind::glass || kind == FacadeKind::ribbon || kind == FacadeKind::grid;
}

bool is_house(FacadeKind kind) {
    return kind == FacadeKind::siding || kind == FacadeKind::cottage || kind == FacadeKind::villa;
}

FacadeLayout draw_layout(const FacadeCode& code) {
    FacadeLayout layout;
    Draw draw{hash(static_cast<std::uint32_t>(code.kind), code.number, 991)};
    layout.floor_height = 2.7F + 0.2F * static_cast<float>(code.floor_step);
    if (is_office(code.kind)) {
        lay_out_office(layout, code.kind, draw);
    } else if (is_house(code.kind)) {
        lay_out_house(layout, draw);
    } else if (code.kind == FacadeKind::arcade || code.kind == FacadeKind::shed) {
        lay_out_low(layout, code.kind, draw);
    } else if (code.kind == FacadeKind::panel) {
        lay_out_panel(layout, draw);
    } else {
        lay_out_town_house(layout, code.kind, draw);
    }
    if (!is_office(code.kind)) {
        const float lift = is_house(code.kind) ? 0.2F : 0.35F;
        layout.ground_sill = layout.sill < 0.6F ? 0.9F : layout.sill + lift;
        layout.ground_head = std::min(layout.head + lift, layout.ground_height - 0.35F);
    }
    lay_out_ground(layout, draw);
    return layout;
}

}  // namespace

std::uint16_t pack(const FacadeCode& code) {
    return static_cast<std::uint16_t>(static_cast<unsigned>(code.kind) |
                                      (static_cast<unsigned>(code.zone) << 4) |
                                      (static_cast<unsigned>(code.floor_step & 7U) << 7) |
                                      (static_cast<unsigned>(code.number & 63U) << 10));
}

FacadeCode unpack_facade(std::uint16_t style) {
    return {static_cast<FacadeKind>(style & 15U), static_cast<FacadeZone>((style >> 4) & 7U),
            static_cast<std::uint8_t>((style >> 7) & 7U), static_cast<std::uint8_t>(style >> 10)};
}

FacadeCode with_zone(FacadeCode code, FacadeZone zone) {
    code.zone = zone;
    return code;
}

Surface facade_surface(const FacadeCode& code) {
    return {Material::facade, Category::building, pack(code)};
}

std::uint8_t floor_step_of(float floor_height) {
    return static_cast<std::uint8_t>(std::clamp(std::lround((floor_height - 2.7F) / 0.2F), 0L, 7L));
}

const FacadeLayout& layout_of(const FacadeCode& code) {
    static const std::vector<FacadeLayout> all = [] {
        std::vector<FacadeLayout> drawn;
        for (unsigned index = 0; index < 16 * 8 * 64; ++index) {
            drawn.push_back(draw_layout({static_cast<FacadeKind>(index >> 9), FacadeZone::windows,
                                         static_cast<std::uint8_t>(index >> 6 & 7U),
                                         static_cast<std::uint8_t>(index & 63U)}));
        }
        return drawn;
    }();
    return all[(static_cast<std::size_t>(code.kind) << 9) + (code.floor_step & 7U) * 64 +
               (code.number & 63U)];
}

}  // namespace distillar::simulation
