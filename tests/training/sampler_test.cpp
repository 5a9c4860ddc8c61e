#include "training/sampler.hpp"

#include <algorithm>
#include <map>

#include "support/data.hpp"
#include "training/labelled_share.hpp"
#include "training/made_scans.hpp"

namespace distillar::training {
namespace {

class SamplerTest : public testing::Test {
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

TEST_F(SamplerTest, EveryFrameOnceAnEpochInAnOrderOfItsOwn) {
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

TEST_F(SamplerTest, SomeFramesAlone) {
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

TEST_F(SamplerTest, FramesWithoutLabelFilesAreNoneOfTheShare) {
    std::filesystem::remove(folder_ / "sequences/00/labels/000000.label");
    EXPECT_EQ(labelled_frames(mixture(), {1, LabelledShare::Rule::every}, 0),
              (std::vector<std::uint32_t>{1, 2, 3, 4}));
    EXPECT_EQ(labelled_frames(mixture(), {0.5, LabelledShare::Rule::every}, 0),
              (std::vector<std::uint32_t>{1, 3}));
}

}  // namespace
}  // namespace distillar::training
