#include "evaluation/frame_score.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace distillar::evaluation {
namespace {

std::string ranks(const std::vector<FrameScore>& scores) {
    std::string text;
    for (const auto& [rank, score] : best_median_worst(scores)) {
        text += rank + " " + std::to_string(score.index) + " ";
    }
    return text;
}

TEST(BestMedianWorst, PicksFrames) {
    EXPECT_EQ(ranks({{0, 0.2}, {1, 0.9}, {2, 0.5}, {3, 0.1}, {4, 0.6}}),
              "best 1 median 2 worst 3 ");
    EXPECT_EQ(ranks({{0, 0.5}, {1, 0.5}, {2, 0.5}}), "best 0 median 1 worst 2 ");
}

TEST(BestMedianWorst, NoFrameTwiceAndNoneWithoutTruth) {
    EXPECT_EQ(ranks({}), "");
    EXPECT_EQ(ranks({{7, 0.5}}), "best 7 ");
    EXPECT_EQ(ranks({{0, 0.1}, {1, 0.4}}), "best 1 worst 0 ");
    EXPECT_EQ(ranks({{0, std::nan("")}, {1, 0.4}}), "best 1 ");
}

}  // namespace
}  // namespace distillar::evaluation
