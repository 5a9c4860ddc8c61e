#pragma once
/// Scans and samples that the tests of preprocessing share.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "clouds.hpp"
#include "geometry/neighbors.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::geometry {

using Rows = std::vector<std::uint32_t>;

/// Labels and intensities tell the row, so that misalignment shows.
inline Scan scan_of(const Points32& points) {
    Scan scan;
    scan.points = points;
    scan.scale = {10, 2};
    scan.sensor_height = 1.75F;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        scan.intensity.push_back(static_cast<float>(i));
        scan.labels.push_back(static_cast<std::uint8_t>(i % 251));
    }
    return scan;
}

inline Scan random_scan(int count = 3000, float extent = 20) {
    return scan_of(test::random_cloud(count, extent, 50));
}

inline Sample augmented(const Scan& scan, const InputSpec& spec, const Augmentation& augmentation,
                        std::uint64_t sample, const Rows* visible = nullptr) {
    base::Random random(1, 2, sample);
    return preprocess(scan, spec, &augmentation, &random, visible);
}

inline float feature(const Sample& sample, std::size_t i, std::size_t channel) {
    return sample.features[i * static_cast<std::size_t>(sample.channels) + channel];
}

inline float norm(const Sample& sample, std::size_t i) {
    return sample.coordinates.row(static_cast<Eigen::Index>(i)).norm();
}

inline void expect_equal(const Sample& a, const Sample& b) {
    EXPECT_EQ(a.kept, b.kept);
    EXPECT_EQ(a.coordinates, b.coordinates);
    EXPECT_EQ(a.features, b.features);
    EXPECT_EQ(a.neighbors, b.neighbors);
    EXPECT_EQ(a.cells, b.cells);
    EXPECT_EQ(a.labels, b.labels);
}

/// Labels belong to the kept rows, neighbours and cells to the coordinates.
inline void expect_consistent(const Scan& scan, const InputSpec& spec, const Sample& sample) {
    ASSERT_EQ(sample.features.size(), sample.size() * spec.features.size());
    ASSERT_EQ(sample.labels.size(), sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i) {
        ASSERT_EQ(sample.labels[i], scan.labels[sample.kept[i]]);
    }
    EXPECT_EQ(std::set<std::uint32_t>(sample.kept.begin(), sample.kept.end()).size(),
              sample.size());
    EXPECT_EQ(inside(sample.coordinates, spec.fov).size(), sample.size());
    const auto all = nearest_neighbors(sample.coordinates, spec.neighbors + 1);
    const auto columns = static_cast<std::size_t>(spec.neighbors);
    ASSERT_EQ(sample.neighbors.size(), sample.size() * columns);
    for (std::size_t i = 0; i < sample.size(); ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            ASSERT_EQ(sample.neighbors[i * columns + j], all[i * (columns + 1) + j + 1]);
        }
    }
    ASSERT_EQ(sample.cells.size(), spec.grids.size());
    for (std::size_t grid = 0; grid < spec.grids.size(); ++grid) {
        EXPECT_EQ(sample.cells[grid], plane_cells(sample.coordinates, spec.fov, spec.grids[grid]));
    }
}

}  // namespace distillar::geometry
