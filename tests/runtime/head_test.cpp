#include "runtime/head.hpp"

#include <cmath>
#include <limits>

namespace distillar::runtime {
namespace {

TEST(RuntimeHead, ClassifyTakesTheLargestLogitAndItsProbability) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const std::vector<float> logits{1,   3,   2,          //
                                    5,   5,   -infinity,  // the lowest of equal ones
                                    -90, 200, -300,       // nothing overflows
                                    0,   nan, 0,          //
                                    0,   0,   infinity};
    std::vector<std::uint8_t> labels(5);
    std::vector<float> confidence(5);
    classify(logits.data(), 5, 3, labels.data(), confidence.data());
    EXPECT_EQ(labels, (std::vector<std::uint8_t>{1, 0, 1, 255, 255}));
    EXPECT_FLOAT_EQ(confidence[0], 1 / (std::exp(-2.0F) + 1 + std::exp(-1.0F)));
    EXPECT_FLOAT_EQ(confidence[1], 0.5F);
    EXPECT_FLOAT_EQ(confidence[2], 1.0F);
    EXPECT_EQ(confidence[3], 0);
    EXPECT_EQ(confidence[4], 0);
}

}  // namespace
}  // namespace distillar::runtime
