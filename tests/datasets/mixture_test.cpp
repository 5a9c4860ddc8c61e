#include "datasets/mixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "formats/kitti.hpp"
#include "support/data.hpp"

namespace distillar::datasets {
namespace {

/// A folder with `count` tiny scans; the x of the first point is the scan's number.
Selection folder_of_scans(const std::filesystem::path& folder, int count) {
    for (int i = 0; i < count; ++i) {
        formats::Cloud cloud;
        cloud.points = geometry::Points::Constant(3, 3, i);
        cloud.intensity = {0, 1, 2};
        formats::write_kitti_bin(folder / (std::to_string(i) + ".bin"), cloud);
    }
    Selection selection;
    selection.format = "folder";
    selection.path = folder;
    return selection;
}

TEST(Mixture, EpochOrderIsAPermutationAndDiffersBetweenEpochs) {
    const test::TemporaryFolder folder;
    const Mixture mixture({folder_of_scans(folder / "a", 30), folder_of_scans(folder / "b", 5)});
    auto first = mixture.epoch_order(7, 0);
    EXPECT_EQ(first, mixture.epoch_order(7, 0));
    EXPECT_NE(first, mixture.epoch_order(7, 1));
    EXPECT_NE(first, mixture.epoch_order(8, 0));
    std::sort(first.begin(), first.end());
    ASSERT_EQ(first.size(), 35U);
    for (std::uint32_t i = 0; i < 35; ++i) {
        EXPECT_EQ(first[i], i);
    }
}

TEST(Mixture, WeightsDecideHowOftenAFrameComes) {
    const test::TemporaryFolder folder;
    auto often = folder_of_scans(folder / "a", 4);
    auto seldom = folder_of_scans(folder / "b", 10);
    often.weight = 2.5;
    seldom.weight = 0.3;
    const Mixture mixture({often, seldom});
    std::map<std::uint32_t, int> times;
    for (const auto index : mixture.epoch_order(1, 0)) {
        ++times[index];
    }
    int of_often = 0;
    for (std::uint32_t i = 0; i < 4; ++i) {
        EXPECT_GE(times[i], 2);
        EXPECT_LE(times[i], 3);
        of_often += times[i];
    }
    EXPECT_EQ(of_often, 10);
    EXPECT_EQ(mixture.epoch_size(), 13U);
    EXPECT_EQ(mixture.samples(0), 10U);
    EXPECT_EQ(mixture.samples(1), 3U);
}

TEST(Mixture, FramesComeFromTheCacheOrAnewWithTheSameContent) {
    const test::TemporaryFolder folder;
    const auto selection = folder_of_scans(folder / "a", 6);
    const Mixture small({selection}, 1);  // holds one frame
    const Mixture large({selection});
    EXPECT_EQ(large.read(2).get(), large.read(2).get());
    for (const std::size_t i : {0U, 5U, 0U, 3U}) {
        EXPECT_EQ(small.read(i)->points(0, 0), static_cast<double>(i));
        EXPECT_EQ(small.read(i)->id, large.read(i)->id);
    }
}

TEST(Mixture, AFrameKnowsItsPlace) {
    const test::TemporaryFolder folder;
    const Mixture mixture({folder_of_scans(folder / "a", 3), folder_of_scans(folder / "b", 2)});
    EXPECT_EQ(mixture.place(2).part, 0U);
    EXPECT_EQ(mixture.place(2).index, 2U);
    EXPECT_EQ(mixture.place(4).part, 1U);
    EXPECT_EQ(mixture.place(4).index, 1U);
    EXPECT_EQ(mixture.part(1).outline(1).id, "1");
}

TEST(Mixture, FractionsOfAnEntryReachAllItsFramesOverEpochs) {
    const test::TemporaryFolder folder;
    auto selection = folder_of_scans(folder / "a", 10);
    selection.weight = 0.3;
    const Mixture mixture({selection});
    std::map<std::uint32_t, int> times;
    for (std::uint64_t epoch = 0; epoch < 200; ++epoch) {
        for (const auto index : mixture.epoch_order(1, epoch)) {
            ++times[index];
        }
    }
    for (std::uint32_t i = 0; i < 10; ++i) {
        EXPECT_NEAR(times[i], 60, 25) << i;
    }
}

TEST(Mixture, AWeightThatGivesNoSampleIsRefused) {
    const test::TemporaryFolder folder;
    auto selection = folder_of_scans(folder / "a", 4);
    selection.weight = 0.1;
    EXPECT_NE(test::error_of([&] { Mixture mixture({selection}); }).find("0.1 of 4 frames"),
              std::string::npos);
}

TEST(Mixture, AWeightThatIsNotPositiveIsRefused) {
    const test::TemporaryFolder folder;
    auto selection = folder_of_scans(folder / "a", 1);
    selection.weight = 0;
    EXPECT_NE(test::error_of([&] { Mixture mixture({selection}); }).find("weight 0"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::datasets
