#include "evaluation/scan_statistics.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

using namespace distillar;
using namespace distillar::evaluation;

namespace {

datasets::Frame frame_of(const std::vector<Eigen::Vector3d>& points) {
    datasets::Frame frame;
    frame.points.resize(static_cast<Eigen::Index>(points.size()), 3);
    for (std::size_t i = 0; i < points.size(); ++i) {
        frame.points.row(static_cast<Eigen::Index>(i)) = points[i].transpose();
    }
    return frame;
}

}  // namespace

TEST(ScanStatistics, MeasuresFromTheLidar) {
    auto frame = frame_of({{1, 2, 7}, {1, 2, 3}, {1.1, 2, 3}, {5, 2, 3}, {1, 2, 500}});
    frame.intensity = {1, 2, 3, 4, 5};
    frame.labels = {40, 40, 40, 70, 1};
    const auto taxonomy = datasets::load_taxonomy("semantickitti-pd8");
    StatisticsOptions options;
    options.origin = {1, 2, 3};
    options.max_range = 100;
    options.taxonomy = &taxonomy;
    ScanStatistics statistics;
    add_scan(statistics, frame, options);
    add_scan(statistics, frame, options);
    EXPECT_EQ(statistics.scans, 2U);
    EXPECT_EQ(statistics.points, 4U);  // one at the lidar, one just beside, one too far
    EXPECT_EQ(statistics.empty, 4U);
    EXPECT_EQ(statistics.range, (std::vector<float>{4, 4, 4, 4}));
    EXPECT_EQ(statistics.elevation, (std::vector<float>{90, 0, 90, 0}));
    EXPECT_EQ(statistics.intensity, (std::vector<float>{1, 4, 1, 4}));
    EXPECT_NEAR(statistics.spacing[0], std::sqrt(32.0), 1e-5);
    ASSERT_EQ(statistics.class_points.size(), 8U);
    EXPECT_EQ(statistics.class_points[2], 2U);  // driveable
    EXPECT_EQ(statistics.class_points[6], 2U);  // vegetation
}

TEST(ScanStatistics, NothingToMeasure) {
    ScanStatistics statistics;
    add_scan(statistics, frame_of({}), {});
    add_scan(statistics, frame_of({{3, 0, 0}}), {});
    EXPECT_EQ(statistics.points, 1U);
    EXPECT_TRUE(statistics.spacing.empty());
    EXPECT_TRUE(statistics.class_points.empty());
    EXPECT_EQ(quantile({}, 0.5), 0);
    EXPECT_EQ(earth_movers_distance({}, {1}), 0);
}

TEST(ScanStatistics, Quantiles) {
    EXPECT_EQ(quantile({3, 1, 2}, 0.5), 2);
    EXPECT_EQ(quantile({3, 1, 2}, 0.25), 1.5);
    EXPECT_EQ(quantiles({3, 1, 2}, {0, 1}), (std::vector<double>{1, 3}));
}

TEST(ScanStatistics, HistogramsAndTheirDistance) {
    const std::vector<double> edges{0, 1, 2, 3};
    const auto a = histogram({-5, 0.5, 1, 99}, edges);
    EXPECT_EQ(a, (std::vector<double>{0.5, 0.25, 0.25}));
    EXPECT_EQ(histogram({}, edges), (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(total_variation(a, a), 0);
    EXPECT_EQ(total_variation({1, 0}, {0, 1}), 1);
}

TEST(ScanStatistics, TheEarthMoverMovesBySoMuch) {
    std::vector<float> a, b;
    for (int i = 0; i < 1000; ++i) {
        a.push_back(static_cast<float>(i));
        b.push_back(static_cast<float>(i) + 2.5F);
    }
    EXPECT_NEAR(earth_movers_distance(a, b), 2.5, 1e-6);
    EXPECT_EQ(earth_movers_distance(a, a), 0);
    EXPECT_NEAR(earth_movers_distance({0, 0, 1, 1}, {0, 0, 0, 0}), 0.5, 0.01);
}
