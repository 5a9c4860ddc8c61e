#pragma once
// The scan of the pinned case of docs/performance.md; its network:
// runtime/measure/pinned_model.hpp.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/random.hpp"
#include "formats/cloud.hpp"
#include "geometry/preprocess.hpp"
#include "runtime/cloud_view.hpp"

namespace distillar::bench {

/// x, y, z, intensity, and where they come from.
struct BenchScan {
    std::vector<float> values;
    std::string name;
    runtime::CloudView view() const {
        constexpr auto f = runtime::FieldType::f32;
        return {values.data(), 4 * values.size(), values.size() / 4, 16, {{{0, f}, {4, f}, {8, f}}},
                {12, f}};
    }
    geometry::Scan scan() const {
        runtime::CloudPoints points;
        runtime::read_cloud(view(), points);
        geometry::Scan scan;
        scan.points = geometry::points_of(points.xyz);
        scan.intensity = std::move(points.intensity);
        return scan;
    }
};

inline std::filesystem::path scan_file() {
    const char* data = std::getenv("DISTILLAR_DATA");
    const auto folder =
        std::filesystem::path(data == nullptr ? "" : data) / "nuscenes" / "samples" / "LIDAR_TOP";
    if (data == nullptr || !std::filesystem::is_directory(folder)) {
        return {};
    }
    return std::filesystem::directory_iterator(folder)->path();
}

/// Any supported cloud; intensity 0 where it has none.
inline BenchScan scan_of(const std::filesystem::path& file) {
    BenchScan scan;
    const formats::Cloud cloud = formats::read_cloud(file);
    for (Eigen::Index i = 0; i < cloud.points.rows(); ++i) {
        for (Eigen::Index axis = 0; axis < 3; ++axis) {
            scan.values.push_back(static_cast<float>(cloud.points(i, axis)));
        }
        scan.values.push_back(
            cloud.intensity.empty() ? 0.0F : cloud.intensity[static_cast<std::size_t>(i)]);
    }
    scan.name = file.string();
    return scan;
}

/// Points on the road and two walls of a street along x, 100 a metre.
inline BenchScan street(std::size_t points) {
    base::Random random(1, 0, 0);
    BenchScan scan;
    const double half = std::min(990.0, static_cast<double>(points) / 200);
    for (std::size_t i = 0; i < points; ++i) {
        const bool wall = random.chance(0.4);
        const double x = random.uniform(-half, half);
        const double y = wall ? (random.chance(0.5) ? 9.0 : -12.0) : random.uniform(-12, 9);
        for (const double value : {x, y, wall ? random.uniform(-1.8, 2.5) : -1.8, 20.0}) {
            scan.values.push_back(static_cast<float>(value));
        }
    }
    scan.name = "made street";
    return scan;
}

/// The nuScenes frame, or without DISTILLAR_DATA a made street of as many points.
inline BenchScan pinned_scan() {
    if (const auto file = scan_file(); !file.empty()) {
        BenchScan scan = scan_of(file);
        scan.name = "nuScenes frame";
        return scan;
    }
    BenchScan scan = street(34720);
    scan.name = "made street (no DISTILLAR_DATA)";
    return scan;
}

}  // namespace distillar::bench
