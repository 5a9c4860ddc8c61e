#pragma once
#include <Eigen/Core>
#include <cstdint>

namespace distillar::simulation {

/// A well-mixed 32-bit hash of up to four numbers: the same on every machine.
std::uint32_t hash(std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0, std::uint32_t d = 0);

/// hash as a number in [0, 1).
float hash_unit(std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0, std::uint32_t d = 0);

/// Smooth noise in [-1, 1] with features of size 1, mean 0, at a point of 2 or 3 dimensions (any
/// expression of Eigen's).
template <typename Point>
float noise(const Point& at, std::uint32_t seed);

/// Octaves of noise, each twice as fine and half as strong; about [-1, 1]. Octaves finer than
/// `footprint` (in units of `at`) fade out.
template <typename Point>
float fractal_noise(const Point& at, std::uint32_t seed, int octaves, float footprint = 0);

/// Linear RGB from sRGB values 0..255.
Eigen::Vector3f colour(int red, int green, int blue);

namespace detail {
float noise2(const Eigen::Vector2f& at, std::uint32_t seed);
float noise3(const Eigen::Vector3f& at, std::uint32_t seed);
float fractal_noise2(const Eigen::Vector2f& at, std::uint32_t seed, int octaves, float footprint);
float fractal_noise3(const Eigen::Vector3f& at, std::uint32_t seed, int octaves, float footprint);
}  // namespace detail

template <typename Point>
float noise(const Point& at, std::uint32_t seed) {
    if constexpr (Point::RowsAtCompileTime == 2) {
        return detail::noise2(at, seed);
    } else {
        return detail::noise3(at, seed);
    }
}

template <typename Point>
float fractal_noise(const Point& at, std::uint32_t seed, int octaves, float footprint) {
    if constexpr (Point::RowsAtCompileTime == 2) {
        return detail::fractal_noise2(at, seed, octaves, footprint);
    } else {
        return detail::fractal_noise3(at, seed, octaves, footprint);
    }
}

}  // namespace distillar::simulation
