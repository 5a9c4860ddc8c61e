#include "simulation/buildings/facade_look.hpp"
#include "simulation/rendering/pattern.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// Two glass leaves in a metal frame.
Appearance office_door(const FacadePoint& point) {
    const float width = point.at.footprint, x = point.at.uv.x(), y = point.at.uv.y();
    const float leaf = point.layout.door_width / 2, high = point.layout.door_height;
    Appearance glass = matt(Vector3f(0.06F, 0.06F, 0.06F), 0.06F);
    glass.mirror = 0.15F;
    glass.transmission = 0.7F;
    const float pane = repeated_band(x, leaf, 0.07F, leaf - 0.07F, width) *
                       (band(y, 0.12F, 2.1F, width) + band(y, 2.18F, high - 0.07F, width));
    return blended(matt(point.colours.frame, 0.3F), glass, std::min(pane, 1.0F));
}

}  // namespace

Appearance door_look(const FacadePoint& point) {
    if (point.code.kind == FacadeKind::glass || point.code.kind == FacadeKind::ribbon ||
        point.code.kind == FacadeKind::grid) {
        return office_door(point);
    }
    const float width = point.at.footprint, x = point.at.uv.x(), y = point.at.uv.y();
    const float wide = point.layout.door_width, high = point.layout.door_height;
    const float light = high - 0.5F;  // a pane above the leaf, in all but houses
    const bool house = point.layout.door_width < 1.1F;
    const float panels = band(x, 0.18F, wide - 0.18F, width) *
                         (band(y, 0.25F, 0.9F, width) + band(y, 1.1F, light - 0.2F, width));
    const Vector3f leaf = point.colours.door * (1 - 0.3F * panels +
                                                0.1F * fractal_noise(Eigen::Vector2f(x * 8, y),
                                                                     point.seed, 2, width * 8));
    Appearance look = matt(leaf, 0.3F);
    Appearance glass = matt(Vector3f(0.03F, 0.03F, 0.035F), 0.06F);
    glass.mirror = 0.12F;
    glass.transmission = 0.6F;
    const bool glazed = hash_unit(point.seed, 71) < 0.4F;
    float share =
        house ? 0
              : band(x, 0.08F, wide - 0.08F, width) * band(y, light + 0.05F, high - 0.06F, width);
    if (glazed) {
        share += band(x, 0.25F, wide - 0.25F, width) * band(y, 1.1F, light - 0.25F, width);
    }
    const float frame = 1 - band(x, 0.06F, wide - 0.06F, width) * band(y, 0, high - 0.05F, width);
    look = blended(look, matt(point.colours.frame, 0.4F), frame);
    return blended(look, glass, std::min(share, 1.0F));
}

Appearance garage_look(const FacadePoint& point) {
    const std::uint32_t seed = hash(point.code.number, 80);
    const float width = point.at.footprint, x = point.at.uv.x(), y = point.at.uv.y();
    const float tone = hash_unit(seed, 1);
    const Vector3f leaf = tone < 0.6F   ? Vector3f(0.72F, 0.72F, 0.69F)
                          : tone < 0.8F ? Vector3f(0.4F, 0.36F, 0.3F)
                                        : Vector3f(0.16F, 0.1F, 0.06F);
    const float groove = repeated_band(y, 0.54F, 0, 0.03F, width);
    const float field =
        repeated_band(x, 0.6F, 0.08F, 0.52F, width) * repeated_band(y, 0.54F, 0.1F, 0.46F, width);
    return matt(leaf * (1 - 0.45F * groove - 0.07F * field) * weathering(point.at), 0.5F);
}

Appearance machine_look(const FacadePoint& point) {
    const float slats = repeated_band(point.at.uv.y(), 0.05F, 0, 0.02F, point.at.footprint);
    return matt(Vector3f(0.55F, 0.55F, 0.53F) * (1 - 0.4F * slats) * weathering(point.at), 0.45F);
}

}  // namespace distillar::simulation
