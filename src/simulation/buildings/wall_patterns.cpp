#include "simulation/buildings/wall_patterns.hpp"

#include "simulation/rendering/pattern.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

/// Number of a piece in a row of a bond, the same for every point on it.
std::uint32_t cell(float at, float size) {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(std::floor(at / size)));
}

/// -1..1, constant on a piece, 0 once pieces are finer than the pixel.
float piece_noise(std::uint32_t column, std::uint32_t row, std::uint32_t seed, float size,
                  float footprint) {
    return (2 * hash_unit(column, row, seed, 5) - 1) * visible(size, footprint);
}

struct Bond {
    float length = 0.25F, height = 0.075F, joint = 0.01F;
    float shift = 0.5F;  ///< of every other row, in lengths
};

struct BondShare {
    float joint;  ///< share of the pixel
    std::uint32_t column, row;
};

BondShare bond_at(const WallPoint& at, const Bond& bond) {
    BondShare share;
    share.row = cell(at.uv.y(), bond.height);
    const float u = at.uv.x() + (share.row % 2 == 1 ? bond.shift * bond.length : 0);
    share.column = cell(u, bond.length);
    const float across = repeated_band(u, bond.length, 0, bond.length - bond.joint, at.footprint);
    const float up =
        repeated_band(at.uv.y(), bond.height, 0, bond.height - bond.joint, at.footprint);
    share.joint = 1 - across * up;
    return share;
}

float grain(const WallPoint& at, float size, int octaves) {
    return fractal_noise(Vector2f(at.uv / size), at.seed, octaves, at.footprint / size);
}

}  // namespace

Vector3f plaster_albedo(const WallPoint& at, const Vector3f& colour) {
    return colour * (1 + 0.12F * grain(at, 2.5F, 3) + 0.10F * grain(at, 0.04F, 2));
}

Vector3f brick_albedo(const WallPoint& at, const Vector3f& colour) {
    const BondShare bond = bond_at(at, Bond{});
    const float tone = piece_noise(bond.column, bond.row, at.seed, 0.1F, at.footprint);
    const float warm = piece_noise(bond.column, bond.row, at.seed + 1, 0.1F, at.footprint);
    const Vector3f brick = colour.cwiseProduct(
        Vector3f(1 + 0.28F * tone + 0.1F * warm, 1 + 0.26F * tone, 1 + 0.24F * tone - 0.1F * warm));
    const Vector3f mortar = mixed(colour, Vector3f(0.40F, 0.38F, 0.34F), 0.55F);
    return mixed(brick, mortar, bond.joint) * (1 + 0.14F * grain(at, 1.5F, 3));
}

Vector3f stone_albedo(const WallPoint& at, const Vector3f& colour, bool rough) {
    const Bond size = rough ? Bond{0.55F, 0.28F, 0.02F, 0.43F} : Bond{0.9F, 0.42F, 0.012F, 0.5F};
    const BondShare bond = bond_at(at, size);
    const float tone = piece_noise(bond.column, bond.row, at.seed, 0.4F, at.footprint);
    const Vector3f stone = colour * (1 + (rough ? 0.3F : 0.1F) * tone + 0.15F * grain(at, 0.3F, 4));
    return mixed(stone, Vector3f(0.45F * colour), bond.joint);
}

Vector3f panel_albedo(const WallPoint& at, const Vector3f& colour, const Vector2f& size) {
    const BondShare bond = bond_at(at, {size.x(), size.y(), 0.03F, 0});
    const float tone = piece_noise(bond.column, bond.row, at.seed, 2, at.footprint);
    const Vector3f slab = colour * (1 + 0.06F * tone + 0.1F * grain(at, 1.2F, 4));
    return mixed(slab, Vector3f(0.4F * colour), bond.joint);
}

Vector3f siding_albedo(const WallPoint& at, const Vector3f& colour) {
    const float board = 0.16F;
    const float shadow = repeated_band(at.uv.y(), board, 0, 0.022F, at.footprint);
    const float light = repeated_band(at.uv.y(), board, 0.03F, 0.06F, at.footprint);
    const float tone = piece_noise(cell(at.uv.y(), board), 0, at.seed, board, at.footprint);
    return colour * (1 - 0.55F * shadow + 0.06F * light + 0.04F * tone + 0.06F * grain(at, 1, 3));
}

Vector3f corrugated_albedo(const WallPoint& at, const Vector3f& colour) {
    const float dark = repeated_band(at.uv.x(), 0.3F, 0, 0.12F, at.footprint);
    const float seam = repeated_band(at.uv.y(), 2.4F, 0, 0.03F, at.footprint);
    return colour * (1 - 0.25F * dark - 0.3F * seam + 0.08F * grain(at, 2, 3));
}

Vector3f tile_albedo(const WallPoint& at, const Vector3f& colour) {
    const BondShare tile = bond_at(at, {0.24F, 0.33F, 0.03F, 0.5F});
    const float tone = piece_noise(tile.column, tile.row, at.seed, 0.25F, at.footprint);
    const Vector3f face = colour * (1 + 0.2F * tone + 0.3F * grain(at, 1.8F, 3));
    return mixed(face, Vector3f(0.4F * colour), tile.joint);
}

Vector3f planks_albedo(const WallPoint& at, const Vector3f& colour) {
    const float plank = 0.14F;
    const float gap = repeated_band(at.uv.x(), plank, 0, 0.012F, at.footprint);
    const float tone = piece_noise(cell(at.uv.x(), plank), 0, at.seed, plank, at.footprint);
    const Vector2f stretched(at.uv.x() * 30, at.uv.y() * 2);
    const float fibre = fractal_noise(stretched, at.seed, 2, at.footprint * 30);
    return colour * (1 - 0.7F * gap + 0.18F * tone + 0.15F * fibre);
}

float weathering(const WallPoint& at) {
    const Vector2f streaks(at.uv.x() * 2.2F, at.uv.y() * 0.16F);
    const float rain = fractal_noise(streaks, at.seed + 9, 3, at.footprint * 2.2F);
    const float soot = grain(at, 5, 1);
    const float height = std::max(at.uv.y(), 0.0F);
    const float splash =
        height > 2 ? 0 : std::exp(-height / 0.45F) * (0.3F + 0.2F * grain(at, 0.5F, 2));
    return std::clamp(0.95F + 0.14F * std::min(rain, 0.1F) + 0.1F * soot - splash, 0.3F, 1.0F);
}

}  // namespace distillar::simulation
