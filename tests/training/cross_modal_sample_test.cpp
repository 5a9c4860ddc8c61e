#include "training/cross_modal_sample.hpp"

#include <gtest/gtest.h>

namespace distillar::training {
namespace {

TEST(DrawViews, CamerasAreLeftOutAsOftenAsAsked) {
    const std::vector<datasets::CameraView> six(6);
    FuseConfig config;
    config.camera_dropout = 0.2;
    config.image_dropout = 0.1;
    int views = 0, blind = 0;
    for (std::uint64_t sample = 0; sample < 2000; ++sample) {
        base::Random random(1, 0, sample);
        const auto count = static_cast<int>(draw_views(six, config, random).size());
        views += count;
        blind += count == 0 ? 1 : 0;
    }
    EXPECT_NEAR(views / 2000.0, 6 * 0.8 * 0.9, 0.15);
    EXPECT_NEAR(blind / 2000.0, 0.1, 0.03);
    config.camera_dropout = config.image_dropout = 0;
    base::Random random(1, 0, 0);
    EXPECT_EQ(draw_views(six, config, random).size(), 6U);
}

/// Two cameras: rows 4, 0, 2 and rows 2, 5.
CrossModalSample sample(float first) {
    CrossModalSample sample;
    sample.sample.kept.resize(7);
    sample.seen.rows = {4, 0, 2, 2, 5};
    sample.seen.features = torch::arange(10, torch::kFloat32).view({5, 2}) + first;
    return sample;
}

TEST(PointViews, AreInOrderOfTheBatchsPointsViewsInOrderOfCameras) {
    const auto views = point_views({sample(0), sample(100)});
    EXPECT_TRUE(views.point.equal(torch::tensor({0, 2, 2, 4, 5, 7, 9, 9, 11, 12}, torch::kInt64)));
    EXPECT_TRUE(views.features.select(1, 0).equal(
        torch::tensor({2.F, 4.F, 6.F, 0.F, 8.F, 102.F, 104.F, 106.F, 100.F, 108.F})));
    CrossModalSample none;
    none.seen.features = torch::empty({0, 2});
    EXPECT_EQ(point_views({none}).size(), 0);
}

}  // namespace
}  // namespace distillar::training
