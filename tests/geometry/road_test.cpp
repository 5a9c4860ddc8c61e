#include "geometry/road.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace distillar::geometry {

namespace {

/// A road `height` below the sensor, a wall of all heights with as many points, the vehicle's own
/// roof close by, and points far away on a hill.
Points street(double height) {
    constexpr int each = 1000;
    Points points(4 * each, 3);
    for (int i = 0; i < each; ++i) {
        const double angle = 0.0063 * i;
        const double range = 5.5 + 0.014 * i;
        points.row(i) << range * std::cos(angle), range * std::sin(angle),
            -height + 0.01 * std::sin(i);
        points.row(each + i) << 8, 0.002 * i, -height + 0.006 * i;
        points.row(2 * each + i) << std::cos(angle), std::sin(angle), -0.3;
        points.row(3 * each + i) << 40 * std::cos(angle), 40 * std::sin(angle), -0.5;
    }
    return points;
}

}  // namespace

TEST(RoadHeight, OfSensorsHighAndLow) {
    for (const double height : {0.4, 1.73, 1.95, 3.2}) {
        const auto found = road_height(street(height));
        ASSERT_TRUE(found.has_value());
        EXPECT_NEAR(*found, height, 0.05);
    }
}

TEST(RoadHeight, OfARoadWithASlope) {
    Points points = street(1.8);
    const Eigen::VectorXd slope = 0.05 * points.col(0) - 0.02 * points.col(1);
    points.col(2).head(2000) += slope.head(2000);
    const auto found = road_height(points);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(*found, 1.8, 0.05);
}

TEST(RoadHeight, NotFoundWithoutARoad) {
    EXPECT_FALSE(road_height(Points(0, 3)).has_value());
    EXPECT_FALSE(road_height(street(1.7).topRows(150)).has_value());
    Points above = street(1.7);
    above.col(2) *= -1;
    above.col(2).array() += 5;
    EXPECT_FALSE(road_height(above).has_value());
}

TEST(RoadHeight, NonFinitePointsAreLeftOut) {
    Points points = street(1.7);
    points.col(2).segment(1000, 500).setConstant(std::numeric_limits<double>::quiet_NaN());
    points.col(0).segment(1500, 500).setConstant(std::numeric_limits<double>::infinity());
    const auto found = road_height(points);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(*found, 1.7, 0.05);
}

}  // namespace distillar::geometry
