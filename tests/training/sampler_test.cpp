#include "training/sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "support/data.hpp"
#include "training/made_scans.hpp"

namespace distillar::training {
namespace {

class Samplers : public testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < 5; ++i) {
            test::write_made_scan(folder_ / "sequences/00", fmt::format("{:06}", i), 1);
        }
    }
    datasets::Mixture mixture() {
        datasets::Selection selection;
        selection.format = "semantickitti";
        selection.path = folder_.path();
        return datasets::Mixture({selection});
    }
    test::TemporaryFolder folder_;
};

TEST_F(Samplers, EveryFrameOnceAnEpochInAnOrderOfItsOwn) {
    const auto frames = mixture();
    const Sampler sampler(frames, 4, 2);
    EXPECT_EQ(sampler.epoch_size(), 5);
    std::map<std::uint64_t, std::vector<std::size_t>> epochs;
    for (std::int64_t step = 0; step < 10; ++step) {
        for (const Draw& draw : sampler.draws(step)) {
            EXPECT_EQ(draw.position, epochs[draw.epoch].size());
            epochs[draw.epoch].push_back(draw.frame);
        }
    }
    ASSERT_EQ(epochs.size(), 4U);
    for (auto& [epoch, order] : epochs) {
        const auto known = frames.epoch_order(4, epoch);
        EXPECT_TRUE(std::ranges::equal(order, known));
        std::ranges::sort(order);
        EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    }
}

TEST_F(Samplers, SomeFramesAlone) {
    const auto frames = mixture();
    const Sampler sampler(frames, 4, 3, {1, 4});
    std::map<std::size_t, int> seen;
    for (std::int64_t step = 0; step < 4; ++step) {
        for (const Draw& draw : sampler.draws(step)) {
            ++seen[draw.frame];
        }
    }
    EXPECT_EQ(seen, (std::map<std::size_t, int>{{1, 6}, {4, 6}}));
}

TEST_F(Samplers, FramesWithoutLabelFilesAreNoneOfTheShare) {
    std::filesystem::remove(folder_ / "sequences/00/labels/000000.label");
    EXPECT_EQ(labelled_frames(mixture(), {1, LabelledShare::Rule::every}, 0),
              (std::vector<std::uint32_t>{1, 2, 3, 4}));
    EXPECT_EQ(labelled_frames(mixture(), {0.5, LabelledShare::Rule::every}, 0),
              (std::vector<std::uint32_t>{1, 3}));
}

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

TEST(LabelledFrames, EveryHundredthScanIsThePublishedOnePercent) {
    EXPECT_EQ(chosen(301, {0.01, LabelledShare::Rule::every}),
              (std::vector<std::size_t>{0, 100, 200, 300}));
    EXPECT_EQ(chosen(25, {0.1, LabelledShare::Rule::every}, 9),
              (std::vector<std::size_t>{0, 10, 20}));
    EXPECT_EQ(chosen(16, {2.0 / 16, LabelledShare::Rule::every}), (std::vector<std::size_t>{0, 8}));
    EXPECT_EQ(chosen(7, {1, LabelledShare::Rule::every}).size(), 7U);
}

TEST(LabelledFrames, RandomIsDrawnByTheSeed) {
    const auto first = chosen(100, {0.1, LabelledShare::Rule::random}, 1);
    EXPECT_EQ(first.size(), 10U);
    EXPECT_EQ(first, chosen(100, {0.1, LabelledShare::Rule::random}, 1));
    EXPECT_NE(first, chosen(100, {0.1, LabelledShare::Rule::random}, 2));
    EXPECT_EQ(chosen(100, {1, LabelledShare::Rule::random}).size(), 100U);
}

TEST(LabelledFrames, WhatCannotBeIsSaid) {
    const auto error = [](std::size_t frames, const LabelledShare& labelled) {
        return test::error_of([&] { labelled_frames(frames, labelled, 0); });
    };
    EXPECT_NE(
        error(16, {0.01, LabelledShare::Rule::random}).find("leaves none of 16 frames labelled"),
        std::string::npos);
    EXPECT_NE(error(16, {0.01, LabelledShare::Rule::random}).find("at least 0.0625"),
              std::string::npos);
    EXPECT_NE(error(0, {1, LabelledShare::Rule::every}).find("none of 0 frames"),
              std::string::npos);
    for (const double share : {0.0, -1.0, 1.5}) {
        EXPECT_NE(error(16, {share, LabelledShare::Rule::every}).find("labelled.share is"),
                  std::string::npos);
    }
}

}  // namespace
}  // namespace distillar::training
