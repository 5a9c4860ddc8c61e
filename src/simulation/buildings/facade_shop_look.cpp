#include "simulation/buildings/facade_look.hpp"
#include "simulation/rendering/pattern.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

struct Shop {
    std::uint32_t seed = 0;
    float x = 0, y = 0;  ///< metres from its left foot
    float width = 6;
};

Shop shop_at(const FacadePoint& point) {
    const float width = point.layout.shop_width;
    const float number = std::floor(point.at.uv.x() / width);
    Shop shop;
    shop.seed = hash(point.seed, static_cast<std::uint32_t>(static_cast<std::int32_t>(number)), 55);
    shop.x = point.at.uv.x() - number * width;
    shop.y = point.at.uv.y();
    shop.width = width;
    return shop;
}

/// Goods on display below, a dim room above.
Vector3f display(const Shop& shop, float width) {
    const Vector3f room = mixed(Vector3f(0.03F, 0.03F, 0.03F), Vector3f(0.12F, 0.11F, 0.09F),
                                hash_unit(shop.seed, 30));
    const float top = 1.1F + 0.9F * hash_unit(shop.seed, 31);
    const Vector2f at(shop.x * 2.3F, shop.y * 1.7F);
    const float shape = fractal_noise(at, shop.seed, 4, width * 2.3F);
    const float things = std::clamp(0.45F + 1.6F * shape, 0.0F, 1.0F) *
                         std::clamp((top - shop.y) / 0.5F, 0.0F, 1.0F);
    const float hue =
        fractal_noise(Vector2f(shop.x * 1.1F, shop.y * 1.3F), shop.seed + 5, 2, width);
    const Vector3f colour = mixed(shop_colour(hash(shop.seed, 32)), Vector3f(0.4F, 0.36F, 0.3F),
                                  std::clamp(0.75F + hue, 0.3F, 1.0F));
    const float glow = 0.35F * std::clamp(shop.y / 3, 0.0F, 1.0F);
    return mixed(Vector3f(room * (1 + glow)), Vector3f(0.32F * colour), things);
}

Appearance shop_glass(const Shop& shop, float width) {
    Appearance glass;
    glass.albedo = display(shop, width);
    const float poster = hash_unit(shop.seed, 8) < 0.5F ? 1.0F : 0.0F;
    const float left = shop.width * (0.2F + 0.4F * hash_unit(shop.seed, 9));
    const float share =
        poster * band(shop.x, left, left + 0.6F, width) * band(shop.y, 0.9F, 1.75F, width);
    glass.albedo = mixed(glass.albedo, Vector3f(0.8F * shop_colour(hash(shop.seed, 10))), share);
    if (hash_unit(shop.seed, 11) < 0.6F) {  // lamps
        const float lamps =
            repeated_band(shop.x, 1.7F, 0.5F, 0.62F, width) * band(shop.y, 2.2F, 2.28F, width);
        glass.emission = lamps * Vector3f(0.9F, 0.8F, 0.6F);
    }
    glass.mirror = 0.2F;
    glass.reflectivity = 0.08F;
    glass.transmission = 0.65F;
    return glass;
}

/// Letter-like strokes in cells of 3 x 5, 0..1; the mean once they are too small.
float letters(const Vector2f& at, float height, std::uint32_t seed, float width) {
    const float advance = 0.75F * height, column = std::floor(at.x() / advance);
    const float in = at.x() / advance - column;
    const std::uint32_t glyph =
        hash(seed, static_cast<std::uint32_t>(static_cast<std::int32_t>(column)), 9);
    const bool space = glyph % 6 == 0;
    const float mean = 0.35F;
    const auto stroke_x = static_cast<std::uint32_t>(std::clamp(in * 4, 0.0F, 3.0F));
    const auto stroke_y = static_cast<std::uint32_t>(std::clamp(at.y() / height * 5, 0.0F, 4.0F));
    const bool solid = stroke_x == 0 || (stroke_x < 3 && hash(glyph, stroke_x, stroke_y) % 5 < 2) ||
                       (stroke_x < 3 && stroke_y % 2 == 0 && hash(glyph, stroke_y) % 3 != 0);
    const float ink = !space && stroke_x < 3 && solid ? 1.0F : 0.0F;
    return mixed(mean, ink, visible(height / 3, width));
}

}  // namespace

Appearance shop_look(const FacadePoint& point) {
    const Shop shop = shop_at(point);
    const float width = point.at.footprint, head = point.layout.shop_head;
    const Vector3f frame =
        hash_unit(shop.seed, 1) < 0.5F ? point.colours.frame : metal_colour(hash(shop.seed, 2));
    const bool riser = hash_unit(shop.seed, 4) < 0.6F;
    const float low = riser ? 0.45F : 0.08F;
    const float door = hash_unit(shop.seed, 5) < 0.5F ? 0.35F : shop.width - 1.45F;
    const float in_door = band(shop.x, door, door + 1.1F, width);
    const float pane = (shop.width - 0.44F) / std::max(2.0F, std::round(shop.width / 1.8F));
    const float bars = repeated_band(shop.x - 0.22F, pane, 0.04F, pane - 0.04F, width);
    const float fixed = band(shop.y, low, head - 0.08F, width) * bars;
    const float leaf = band(shop.x, door + 0.1F, door + 1.0F, width) *
                       (band(shop.y, 0.15F, 2.1F, width) + band(shop.y, 2.2F, head - 0.08F, width));
    const float glass = (1 - in_door) * fixed + in_door * leaf;
    Appearance look = blended(matt(frame, 0.3F), shop_glass(shop, width), glass);
    const float shadow = band(shop.y, head - 0.3F, head, width);
    look.albedo *= 1 - 0.4F * shadow;
    return look;
}

Appearance sign_look(const FacadePoint& point) {
    Shop shop = shop_at(point);
    const float width = point.at.footprint;
    const Vector3f& board = shop_colour(hash(shop.seed, 20));
    const bool dark = board.mean() < 0.35F;
    const Vector3f ink = dark ? Vector3f(0.8F, 0.79F, 0.74F) : Vector3f(0.05F, 0.05F, 0.08F);
    const float height = 0.32F, y = shop.y - point.layout.shop_head - 0.17F;
    const float begin = shop.width * 0.22F, end = shop.width * 0.78F;
    const float inside = band(shop.x, begin, end, width) * band(y, 0, height, width);
    const float share = inside * letters(Vector2f(shop.x - begin, std::clamp(y, 0.0F, height)),
                                         height, shop.seed, width);
    Appearance look = matt(mixed(board, ink, share), 0.4F);
    look.mirror = 0.03F;
    return look;
}

Appearance awning_look(const FacadePoint& point) {
    const std::uint32_t seed = hash(point.code.number, 60);
    Vector3f cloth = shop_colour(hash(seed, 1));
    if (hash_unit(seed, 2) < 0.4F) {
        const float stripe = repeated_band(point.at.uv.x(), 0.5F, 0, 0.25F, point.at.footprint);
        cloth = mixed(cloth, Vector3f(0.72F, 0.7F, 0.64F), stripe);
    }
    return matt(cloth * (0.9F + 0.1F * weathering(point.at)), 0.4F);
}

}  // namespace distillar::simulation
