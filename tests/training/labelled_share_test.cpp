#include "training/labelled_share.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/data.hpp"

namespace distillar::training {
namespace {

using Rule = LabelledShare::Rule;

std::vector<std::size_t> chosen(std::size_t frames, const LabelledShare& labelled,
                                std::uint64_t seed = 0) {
    const auto flags = labelled_frames(frames, labelled, seed);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (flags[i]) {
            places.push_back(i);
        }
    }
    return places;
}

TEST(LabelledShareTest, EveryHundredthScanIsThePublishedOnePercent) {
    EXPECT_EQ(chosen(301, {0.01, Rule::every}), (std::vector<std::size_t>{0, 100, 200, 300}));
    EXPECT_EQ(chosen(25, {0.1, Rule::every}, 9), (std::vector<std::size_t>{0, 10, 20}));
    EXPECT_EQ(chosen(16, {2.0 / 16, Rule::every}), (std::vector<std::size_t>{0, 8}));
    EXPECT_EQ(chosen(7, {1, Rule::every}).size(), 7U);
}

TEST(LabelledShareTest, RandomIsDrawnByTheSeed) {
    const auto first = chosen(100, {0.1, Rule::random}, 1);
    EXPECT_EQ(first.size(), 10U);
    EXPECT_EQ(first, chosen(100, {0.1, Rule::random}, 1));
    EXPECT_NE(first, chosen(100, {0.1, Rule::random}, 2));
    EXPECT_EQ(chosen(100, {1, Rule::random}).size(), 100U);
}

TEST(LabelledShareTest, WhatCannotBeIsSaid) {
    const auto error = [](std::size_t frames, const LabelledShare& labelled) {
        return test::error_of([&] { labelled_frames(frames, labelled, 0); });
    };
    EXPECT_NE(error(16, {0.01, Rule::random}).find("leaves none of 16 frames labelled"),
              std::string::npos);
    EXPECT_NE(error(16, {0.01, Rule::random}).find("at least 0.0625"), std::string::npos);
    EXPECT_NE(error(0, {1, Rule::every}).find("none of 0 frames"), std::string::npos);
    for (const double share : {0.0, -1.0, 1.5}) {
        EXPECT_NE(error(16, {share, Rule::every}).find("labelled.share is"), std::string::npos);
    }
}

}  // namespace
}  // namespace distillar::training
