#include "geometry/batch.hpp"

#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;

const std::vector<PlaneGrid> two_grids{{2, 4, 5}, {1, 4, 3}};

/// A sample of `n` points whose numbers tell where they came from.
Sample sample_of(std::size_t n, float mark, bool labels = true) {
    Sample sample;
    sample.channels = 2;
    sample.neighbor_count = 3;
    sample.cells.resize(2);
    for (std::size_t i = 0; i < n; ++i) {
        sample.kept.push_back(static_cast<std::uint32_t>(i));
        sample.features.insert(sample.features.end(), {mark, static_cast<float>(i)});
        for (std::size_t j = 1; j <= 3; ++j) {
            sample.neighbors.push_back(static_cast<std::int32_t>((i + j) % n));
        }
        sample.cells[0].push_back(static_cast<std::int32_t>(i % 20));
        sample.cells[1].push_back(static_cast<std::int32_t>(11 - i % 12));
        if (labels) {
            sample.labels.push_back(static_cast<std::uint8_t>(i % 3));
        }
    }
    return sample;
}

TEST(MakeBatch, ConcatenatesWithOffsets) {
    const Sample a = sample_of(2, 10);
    const Sample empty = sample_of(0, 0, false);
    const Sample b = sample_of(3, 20);
    const Batch batch = make_batch({&a, &empty, &b}, two_grids);
    EXPECT_EQ(batch.offsets, (std::vector<std::int64_t>{0, 2, 2, 5}));
    EXPECT_EQ(batch.scans(), 3U);
    EXPECT_EQ(batch.size(), 5U);
    EXPECT_EQ(batch.channels, 2);
    EXPECT_EQ(batch.features, (std::vector<float>{10, 0, 10, 1, 20, 0, 20, 1, 20, 2}));
    EXPECT_EQ(batch.neighbor_count, 3);
    EXPECT_EQ(batch.neighbors,
              (std::vector<std::int32_t>{1, 0, 1, 0, 1, 0, 3, 4, 2, 4, 2, 3, 2, 3, 4}));
    ASSERT_EQ(batch.cells.size(), 2U);
    EXPECT_EQ(batch.cells[0], (std::vector<std::int32_t>{0, 1, 40, 41, 42}));
    EXPECT_EQ(batch.cells[1], (std::vector<std::int32_t>{11, 10, 35, 34, 33}));
    EXPECT_EQ(batch.labels, (std::vector<std::uint8_t>{0, 1, 0, 1, 2}));
}

TEST(MakeBatch, OfNothing) {
    const Batch batch = make_batch({}, two_grids);
    EXPECT_EQ(batch.scans(), 0U);
    EXPECT_EQ(batch.size(), 0U);
    EXPECT_EQ(batch.cells.size(), 2U);
}

TEST(MakeBatch, RefusesSamplesThatDiffer) {
    const Sample a = sample_of(4, 1);
    const auto error_with = [&](auto&& change) {
        Sample b = sample_of(3, 2);
        change(b);
        return error_of([&] { make_batch({&a, &b}, two_grids); });
    };
    const std::string differs = "one input specification";
    EXPECT_NE(error_with([](Sample& s) { s.channels = 3; }).find(differs), std::string::npos);
    EXPECT_NE(error_with([](Sample& s) { s.neighbor_count = 2; }).find(differs), std::string::npos);
    EXPECT_NE(error_with([](Sample& s) { s.cells.pop_back(); }).find(differs), std::string::npos);
    EXPECT_NE(error_with([](Sample& s) { s.features.pop_back(); }).find("inconsistent"),
              std::string::npos);
    EXPECT_NE(error_with([](Sample& s) { s.labels.pop_back(); }).find("inconsistent"),
              std::string::npos);
    EXPECT_NE(error_with([](Sample& s) { s.labels.clear(); }).find("do not mix"),
              std::string::npos);
}

TEST(MakeBatch, RefusesCellsBeyond32Bits) {
    Sample a = sample_of(1, 1);
    a.cells.resize(1);
    const std::vector<PlaneGrid> large{{2, 30000, 30000}};
    EXPECT_EQ(make_batch({&a, &a}, large).cells[0][1], 900000000);
    EXPECT_NE(error_of([&] {
                  make_batch({&a, &a, &a}, large);
              }).find("overflow"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::geometry
