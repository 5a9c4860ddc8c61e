#pragma once
/// Clouds that tests share.
#include <string>
#include <vector>

#include "base/random.hpp"
#include "geometry/points.hpp"

namespace distillar::test {

/// `count` points in a box of +-`extent` metres (a third of it in z).
inline geometry::Points32 random_cloud(int count, float extent, std::uint64_t seed) {
    base::Random random(seed, 0, 0);
    geometry::Points32 points(count, 3);
    for (int i = 0; i < count; ++i) {
        for (int axis = 0; axis < 3; ++axis) {
            const double half = axis == 2 ? extent / 3.0 : extent;
            points(i, axis) = static_cast<float>(random.uniform(-half, half));
        }
    }
    return points;
}

/// Points on a coarse lattice: many equal distances and many equal points.
inline geometry::Points32 lattice_cloud(int count, int side, std::uint64_t seed) {
    base::Random random(seed, 0, 1);
    geometry::Points32 points(count, 3);
    for (int i = 0; i < count; ++i) {
        for (int axis = 0; axis < 3; ++axis) {
            const auto cell = random.below(static_cast<std::uint32_t>(side));
            points(i, axis) = static_cast<float>(cell) - 1.0F;
        }
    }
    return points;
}

struct NamedCloud {
    std::string name;
    geometry::Points32 points;
};

/// What a search or a grid must survive.
inline std::vector<NamedCloud> degenerate_clouds() {
    using geometry::Points32;
    std::vector<NamedCloud> clouds;
    clouds.push_back({"empty", Points32(0, 3)});
    clouds.push_back({"one point", random_cloud(1, 10, 1)});
    clouds.push_back({"two points", random_cloud(2, 10, 2)});
    clouds.push_back({"sixteen points", random_cloud(16, 10, 3)});
    clouds.push_back({"seventeen points", random_cloud(17, 10, 4)});
    clouds.push_back({"all equal", Points32::Constant(60, 3, 3.25F)});
    Points32 zeros = random_cloud(90, 10, 5);
    for (int i = 0; i < 90; i += 2) {
        zeros.row(i).setConstant(i % 4 == 0 ? 0.0F : -0.0F);
    }
    clouds.push_back({"half lost returns", zeros});
    Points32 line = random_cloud(80, 10, 6);
    line.col(1).setZero();
    line.col(2).setZero();
    clouds.push_back({"line", line});
    Points32 plane = random_cloud(80, 10, 7);
    plane.col(2).setConstant(-1.7F);
    clouds.push_back({"plane", plane});
    clouds.push_back({"lattice", lattice_cloud(150, 3, 8)});
    Points32 far = random_cloud(40, 10, 9);
    far.row(7) << 1e9F, -1e9F, 1e9F;
    clouds.push_back({"far outlier", far});
    return clouds;
}

}  // namespace distillar::test
