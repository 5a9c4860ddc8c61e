#include "simulation/shapes/noise.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace distillar::simulation {

namespace {

std::uint32_t mixed(std::uint32_t value) {  // the finaliser of MurmurHash3
    value = (value ^ (value >> 16)) * 0x85ebca6bU;
    value = (value ^ (value >> 13)) * 0xc2b2ae35U;
    return value ^ (value >> 16);
}

float smooth(float x) {
    return x * x * (3 - 2 * x);
}

/// Values at the corners of a lattice cell, blended; 2 or 3 dimensions.
template <int Dimensions>
float lattice_noise(const Eigen::Matrix<float, Dimensions, 1>& at, std::uint32_t seed) {
    std::array<std::int32_t, 3> cell{};
    std::array<float, 3> blend{};
    for (int axis = 0; axis < Dimensions; ++axis) {
        const float whole = std::floor(at[axis]);
        cell[static_cast<std::size_t>(axis)] = static_cast<std::int32_t>(whole);
        blend[static_cast<std::size_t>(axis)] = smooth(at[axis] - whole);
    }
    float sum = 0;
    for (unsigned corner = 0; corner < (1U << Dimensions); ++corner) {
        std::array<std::uint32_t, 3> lattice{};
        float weight = 1;
        for (unsigned axis = 0; axis < Dimensions; ++axis) {
            const unsigned upper = (corner >> axis) & 1U;
            lattice[axis] = static_cast<std::uint32_t>(cell[axis]) + upper;
            weight *= upper != 0 ? blend[axis] : 1 - blend[axis];
        }
        sum += weight * hash_unit(lattice[0], lattice[1], lattice[2], seed);
    }
    return 2 * sum - 1;
}

template <int Dimensions>
float octaves_of(Eigen::Matrix<float, Dimensions, 1> at, std::uint32_t seed, int octaves,
                 float footprint) {
    float sum = 0, strength = 0.5F;
    for (int octave = 0; octave < octaves; ++octave) {
        const float visible = std::clamp(2 - 2 * footprint, 0.0F, 1.0F);
        if (visible <= 0) {
            break;
        }
        sum += visible * strength *
               lattice_noise<Dimensions>(at, seed + static_cast<std::uint32_t>(octave));
        at *= 2;
        footprint *= 2;
        strength /= 2;
    }
    return sum;
}

}  // namespace

std::uint32_t hash(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    std::uint32_t value = mixed(a + 0x9e3779b9U);
    value = mixed(value ^ (b + 0x7f4a7c15U));
    value = mixed(value + 0x85157af5U * c);
    return mixed(value ^ (d * 0x9e3779b1U + 0x165667b1U));
}

float hash_unit(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return static_cast<float>(hash(a, b, c, d) >> 8) * 0x1p-24F;
}

float detail::noise2(const Eigen::Vector2f& at, std::uint32_t seed) {
    return lattice_noise<2>(at, seed);
}

float detail::noise3(const Eigen::Vector3f& at, std::uint32_t seed) {
    return lattice_noise<3>(at, seed);
}

float detail::fractal_noise2(const Eigen::Vector2f& at, std::uint32_t seed, int octaves,
                             float footprint) {
    return octaves_of<2>(at, seed, octaves, footprint);
}

float detail::fractal_noise3(const Eigen::Vector3f& at, std::uint32_t seed, int octaves,
                             float footprint) {
    return octaves_of<3>(at, seed, octaves, footprint);
}

Eigen::Vector3f colour(int red, int green, int blue) {
    const auto linear = [](int value) {
        const float x = static_cast<float>(value) / 255;
        return x <= 0.04045F ? x / 12.92F : std::pow((x + 0.055F) / 1.055F, 2.4F);
    };
    return {linear(red), linear(green), linear(blue)};
}

}  // namespace distillar::simulation
