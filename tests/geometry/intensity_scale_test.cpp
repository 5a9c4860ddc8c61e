#include <gtest/gtest.h>

#include <limits>

#include "geometry/preprocess.hpp"

namespace distillar::geometry {
namespace {

TEST(RobustScale, MedianAndSpread) {
    const IntensityScale odd = robust_scale({1, 2, 3, 4, 100});
    EXPECT_FLOAT_EQ(odd.mean, 3);
    // The median absolute deviation is 1; the standard deviation 39.01 floors it.
    EXPECT_NEAR(odd.deviation, 0.25 * 39.0128, 1e-3);
    const IntensityScale even = robust_scale({10, 20, 30, 40});
    EXPECT_FLOAT_EQ(even.mean, 25);
    EXPECT_FLOAT_EQ(even.deviation, 1.4826F * 10);
}

TEST(RobustScale, DegenerateLogs) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(robust_scale({}).deviation, 1);
    EXPECT_EQ(robust_scale({nan, nan}).mean, 0);
    EXPECT_EQ(robust_scale({7, 7, 7}).mean, 7);
    EXPECT_EQ(robust_scale({7, 7, 7}).deviation, 1);
    EXPECT_FLOAT_EQ(robust_scale({nan, 10, 20, 30, 40}).mean, 25);
    EXPECT_GT(robust_scale({0, 0, 0, 0, 255}).deviation, 20);
}

/// One broken return among thousands: finite, but no sensor says so.
TEST(RobustScale, AnAbsurdValueChangesNothing) {
    std::vector<float> values;
    for (int i = 0; i < 5000; ++i) {
        values.push_back(static_cast<float>(i % 200));
    }
    const IntensityScale scale = robust_scale(values);
    for (const float absurd : {3e38F, 1e9F, -1e12F, 1e6F}) {
        auto more = values;
        more.push_back(absurd);
        const IntensityScale found = robust_scale(more);
        EXPECT_NEAR(found.mean, scale.mean, 1) << absurd;
        EXPECT_NEAR(found.deviation, scale.deviation, 1) << absurd;
    }
}

}  // namespace
}  // namespace distillar::geometry
