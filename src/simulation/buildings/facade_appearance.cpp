#include "simulation/buildings/facade_look.hpp"
#include "simulation/rendering/pattern.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

float brightness(const Vector3f& albedo) {
    return albedo.dot(Vector3f(0.4F, 0.45F, 0.15F));
}

/// Cornices, sills, slabs: rain, but no splashes from the street.
Appearance trim_look(const FacadePoint& point) {
    WallPoint high = point.at;
    high.uv.y() += 10;
    return matt(plaster_albedo(high, point.colours.trim) * (0.3F + 0.7F * weathering(high)), 0.5F);
}

Appearance facade_look(const FacadePoint& point) {
    switch (point.code.kind) {
        case FacadeKind::garage:
            return garage_look(point);
        case FacadeKind::awning:
            return awning_look(point);
        case FacadeKind::machine:
            return machine_look(point);
        case FacadeKind::furniture:
            return matt(metal_colour(point.code.number), 0.3F);
        default:
            break;
    }
    switch (point.code.zone) {
        case FacadeZone::windows:
        case FacadeZone::pane:
            return windows_look(point);
        case FacadeZone::shop:
            return shop_look(point);
        case FacadeZone::sign:
            return sign_look(point);
        case FacadeZone::door:
            return door_look(point);
        case FacadeZone::trim:
            return trim_look(point);
        default:
            return wall_look(point);
    }
}

FacadePoint facade_point(const WallPoint& at, std::uint16_t style) {
    const FacadeCode code = unpack_facade(style);
    FacadePoint point{at, code, layout_of(code), colours_of(code)};
    point.seed = hash(static_cast<std::uint32_t>(point.code.kind), point.code.number, 12);
    point.at.seed = point.seed;
    return point;
}

Appearance wire_look(const WallPoint& at) {
    const Vector3f wire =
        at.seed % 2 == 0 ? Vector3f(0.35F, 0.36F, 0.36F) : Vector3f(0.05F, 0.14F, 0.08F);
    Appearance look = matt(wire, 0.3F);
    look.transmission = 0.85F;
    return look;
}

/// Materials of loose parts: style chooses the colour.
Appearance material_look(Material material, const WallPoint& at) {
    const float dirt = 0.4F + 0.6F * weathering(at);
    switch (material) {
        case Material::plaster:
            return matt(plaster_albedo(at, plaster_colour(at.seed)) * dirt, 0.55F);
        case Material::brick:
            return matt(brick_albedo(at, brick_colour(at.seed)) * dirt, 0.3F);
        case Material::stone:
            return matt(stone_albedo(at, stone_colour(at.seed), true) * dirt, 0.38F);
        case Material::wood:
            return matt(planks_albedo(at, wood_colour(at.seed)) * dirt, 0.4F);
        case Material::roof_tiles:
            return matt(tile_albedo(at, roof_colour(at.seed)), 0.25F);
        case Material::flat_roof:
            return matt(plaster_albedo(at, 0.55F * concrete_colour(at.seed)), 0.3F);
        case Material::wire_mesh:
            return wire_look(at);
        case Material::window_glass: {
            const bool clouded = at.seed == 1;
            Appearance glass = matt(
                clouded ? Vector3f(0.22F, 0.26F, 0.25F) : Vector3f(0.03F, 0.035F, 0.04F), 0.06F);
            glass.mirror = clouded ? 0.1F : 0.15F;
            glass.transmission = 0.7F;
            return glass;
        }
        default:
            return matt(plaster_albedo(at, concrete_colour(at.seed)) * dirt, 0.35F);
    }
}

/// Most houses stand on a darker foot, up to knee height.
float plinth_share(const FacadePoint& point) {
    const float height = 0.8F * hash_unit(point.seed, 33) - 0.1F;
    const bool office = point.code.kind == FacadeKind::glass || point.code.kind == FacadeKind::shed;
    return office || height < 0.15F ? 0 : band(point.at.uv.y(), -9, height, point.at.footprint);
}

}  // namespace

Appearance blended(const Appearance& a, const Appearance& b, float share) {
    Appearance look;
    look.albedo = mixed(a.albedo, b.albedo, share);
    look.emission = mixed(a.emission, b.emission, share);
    look.mirror = mixed(a.mirror, b.mirror, share);
    look.reflectivity = mixed(a.reflectivity, b.reflectivity, share);
    look.transmission = mixed(a.transmission, b.transmission, share);
    return look;
}

Appearance matt(const Vector3f& albedo, float reflectivity) {
    Appearance look;
    look.albedo = albedo.cwiseMax(0.0F).cwiseMin(0.95F);
    look.reflectivity = reflectivity;
    return look;
}

Appearance wall_look(const FacadePoint& point) {
    const WallPoint& at = point.at;
    Vector3f albedo = point.colours.wall;
    float reflectivity = 0.35F;
    switch (point.code.kind) {
        case FacadeKind::brick:
        case FacadeKind::villa:
            albedo = brick_albedo(at, albedo);
            reflectivity = 0.3F;
            break;
        case FacadeKind::stone:
            albedo = stone_albedo(at, albedo, false);
            break;
        case FacadeKind::siding:
            albedo = siding_albedo(at, albedo);
            break;
        case FacadeKind::shed:
            albedo = corrugated_albedo(at, albedo);
            break;
        case FacadeKind::panel:
            albedo =
                panel_albedo(at, albedo, Vector2f(point.layout.bay, point.layout.floor_height));
            break;
        case FacadeKind::glass:
        case FacadeKind::ribbon:
        case FacadeKind::grid:
            albedo = panel_albedo(at, albedo, Vector2f(1.5F, 0.9F));
            break;
        default:
            reflectivity = 0.3F + 0.5F * brightness(albedo);
            albedo = plaster_albedo(at, albedo);
    }
    const float foot = point.code.zone == FacadeZone::plinth ? 1 : plinth_share(point);
    if (foot > 0) {
        albedo = mixed(albedo, plaster_albedo(at, point.colours.plinth), foot);
    }
    return matt(albedo * weathering(at), reflectivity);
}

Appearance facade_appearance(const Hit& hit, float footprint) {
    const WallPoint at{hit.uv, std::max(footprint, 1e-4F), hit.surface.style};
    return hit.surface.material == Material::facade
               ? facade_look(facade_point(at, hit.surface.style))
               : material_look(hit.surface.material, at);
}

}  // namespace distillar::simulation
