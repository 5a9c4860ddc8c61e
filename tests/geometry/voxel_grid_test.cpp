#include "geometry/voxel_grid.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/thread_pool.hpp"
#include "clouds.hpp"
#include "geometry/radix_sort.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;
using Rows = std::vector<std::uint32_t>;

Points32 cloud(std::initializer_list<std::array<float, 3>> rows) {
    Points32 points(static_cast<Eigen::Index>(rows.size()), 3);
    Eigen::Index i = 0;
    for (const auto& row : rows) {
        points.row(i++) << row[0], row[1], row[2];
    }
    return points;
}

TEST(VoxelSubsample, FirstPointPerVoxelInLexicographicOrder) {
    const Points32 points = cloud({{0.95F, 0, 0},    // voxel (9, 0, 0)
                                   {0, 0.05F, 1},    // (0, 0, 10)
                                   {0, 0, 0},        // (0, 0, 0)
                                   {0.92F, 0, 0},    // (9, 0, 0) again
                                   {0, 0.25F, 0},    // (0, 2, 0)
                                   {0, 0, 0.05F}});  // (0, 0, 0) again
    EXPECT_EQ(voxel_subsample(points, 0.1F, nullptr), (Rows{2, 1, 4, 0}));
}

TEST(VoxelSubsample, StartsAtTheMinimumOfTheCloud) {
    // From 0 the first two would share a voxel; from -0.06 the last two do.
    const Points32 points = cloud({{-0.06F, 0, 0}, {-0.01F, 0, 0}, {0.05F, 0, 0}, {0.13F, 0, 0}});
    EXPECT_EQ(voxel_subsample(points, 0.1F, nullptr), (Rows{0, 2}));
}

TEST(VoxelSubsample, DividesInFloat32) {
    // 0.7F / 0.1F is 7 in float32, 6.9999998 in float64.
    EXPECT_EQ(voxel_subsample(cloud({{0, 0, 0}, {0.65F, 0, 0}, {0.7F, 0, 0}}), 0.1F, nullptr),
              (Rows{0, 1, 2}));
    // 1.3F / 0.1F is below 13, 1.3F * (1 / 0.1F) is not.
    EXPECT_EQ(voxel_subsample(cloud({{0, 0, 0}, {1.25F, 0, 0}, {1.3F, 0, 0}}), 0.1F, nullptr),
              (Rows{0, 1}));
}

TEST(VoxelSubsample, AgreesWithTheSerialTwin) {
    auto clouds = test::degenerate_clouds();
    clouds.push_back({"random", test::random_cloud(5000, 3, 20)});
    clouds.push_back({"sparse", test::random_cloud(5000, 70, 21)});
    for (const auto& [name, points] : clouds) {
        SCOPED_TRACE(name);
        for (const float size : {0.1F, 0.5F, 3.0F, 1e-6F}) {
            EXPECT_EQ(voxel_subsample(points, size, nullptr),
                      voxel_subsample_serial(points, size, nullptr));
            base::Random fast(1, 2, 3);
            base::Random slow(1, 2, 3);
            EXPECT_EQ(voxel_subsample(points, size, &fast),
                      voxel_subsample_serial(points, size, &slow));
        }
    }
}

TEST(VoxelSubsample, RandomPointOfEachVoxelIsUniformAndReproducible) {
    const Points32 points = cloud({{0, 0, 0}, {0.01F, 0, 0}, {0.02F, 0, 0}, {5, 0, 0}});
    std::array<int, 3> counts{};
    for (std::uint64_t sample = 0; sample < 3000; ++sample) {
        base::Random random(7, 0, sample);
        base::Random again(7, 0, sample);
        const Rows kept = voxel_subsample(points, 0.1F, &random);
        ASSERT_EQ(kept, voxel_subsample(points, 0.1F, &again));
        ASSERT_EQ(kept.size(), 2U);
        ASSERT_EQ(kept[1], 3U);
        ++counts.at(kept[0]);
    }
    for (const int count : counts) {
        EXPECT_NEAR(count, 1000, 130);  // 5 sigma
    }
}

TEST(VoxelSubsample, HugeExtentsWorkOrSaySo) {
    // 2^31 voxels on each axis: more than 64 bits a cell.
    Points32 points = test::random_cloud(100, 1, 3);
    points.row(50) << 2e8F, -2e8F, 2e8F;
    const Rows kept = voxel_subsample(points, 0.1F, nullptr);
    EXPECT_EQ(kept, voxel_subsample_serial(points, 0.1F, nullptr));
    EXPECT_EQ(kept.back(), 50U);
    // Just 64 bits and less: 22 + 22 + 20.
    points.row(50) << 4.1e5F, 4.1e5F, 1e5F;
    EXPECT_EQ(voxel_subsample(points, 0.1F, nullptr),
              voxel_subsample_serial(points, 0.1F, nullptr));
    const float largest = std::numeric_limits<float>::max();
    points.row(50) << largest, 0, 0;
    points.row(51) << -largest, 0, 0;
    EXPECT_NE(error_of([&] { voxel_subsample(points, 0.1F, nullptr); }).find("drop the outliers"),
              std::string::npos);
    EXPECT_NE(error_of([&] {
                  voxel_subsample(test::random_cloud(9, 1, 1), 1e-30F, nullptr);
              }).find("larger voxels"),
              std::string::npos);
}

TEST(VoxelSubsample, RefusesPointsThatAreNotFiniteAndUselessSizes) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        Points32 points = test::random_cloud(10, 1, 3);
        points(9, 1) = bad;
        EXPECT_NE(error_of([&] { voxel_subsample(points, 0.1F, nullptr); }).find("not finite"),
                  std::string::npos);
    }
    for (const float size : {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                             std::numeric_limits<float>::infinity()}) {
        EXPECT_NE(error_of([&] {
                      voxel_subsample(test::random_cloud(10, 1, 3), size, nullptr);
                  }).find("unusable"),
                  std::string::npos);
    }
}

TEST(RadixSort, IsAStableSort) {
    base::Random random(3, 0, 0);
    for (const int bits : {0, 1, 10, 11, 12, 33, 64}) {
        std::vector<KeyedRow> rows;
        for (std::uint32_t i = 0; i < 3000; ++i) {
            const std::uint64_t key = std::uint64_t{random.below(50)} * 0x0123456789ABCDEF;
            rows.push_back({bits == 64 ? key : key & ((std::uint64_t{1} << bits) - 1), i});
        }
        auto expected = rows;
        std::stable_sort(expected.begin(), expected.end(),
                         [](const KeyedRow& a, const KeyedRow& b) { return a.key < b.key; });
        std::vector<KeyedRow> other;
        radix_sort(rows, bits, other);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            ASSERT_EQ(rows[i].row, expected[i].row) << bits << " bits, place " << i;
        }
    }
}

}  // namespace
}  // namespace distillar::geometry
