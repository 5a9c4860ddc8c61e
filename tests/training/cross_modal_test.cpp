#include "training/cross_modal.hpp"

#include <gtest/gtest.h>

#include "losses/knowledge.hpp"
#include "losses/segmentation.hpp"
#include "models/random_batch.hpp"
#include "training/optimiser.hpp"

namespace distillar::training {
namespace {

using models::PointViews;

std::unique_ptr<models::CrossModal> small() {
    const models::WaffleIronConfig backbone{
        5, 16, 3, models::Norm::layer, models::Activation::gelu, 0.0};
    const models::HeadConfig head{models::HeadKind::bn_mlp, 16, 4, 12};
    const models::FusionConfig fusion{models::FusionKind::gate, 16, 10, 20, 4};
    auto student = std::make_shared<models::Network>(backbone, head);
    return std::make_unique<models::CrossModal>(
        std::make_shared<models::Fused>(std::move(student), head, fusion),
        models::ProjectionConfig{14, 6});
}

/// Points 0, 3, 6, ... below `points`, 1 to 3 views each.
PointViews some_views(std::int64_t points) {
    std::vector<std::int64_t> point;
    for (std::int64_t i = 0; i < points; i += 3) {
        point.insert(point.end(), static_cast<std::size_t>(1 + i % 4 % 3), i);
    }
    const auto count = static_cast<std::int64_t>(point.size());
    return {torch::tensor(point, torch::kInt64), torch::randn({count, 10})};
}

TEST(DrawPairs, AtMostSoManyInOrderAndOnlyWhatIsThere) {
    torch::manual_seed(1);
    const PointViews views = some_views(90);
    CrossModalLossConfig config;
    config.pairs = 20;
    base::Random random(3, 0, 0);
    const PointViews pairs = draw_pairs(views, config, random);
    ASSERT_EQ(pairs.size(), 20);
    for (std::int64_t i = 0; i < 20; ++i) {
        const torch::Tensor same =
            views.point.eq(pairs.point[i]).logical_and(views.features.eq(pairs.features[i]).all(1));
        EXPECT_TRUE(same.any().item<bool>());
        if (i > 0) {
            EXPECT_LE(pairs.point[i - 1].item<std::int64_t>(), pairs.point[i].item<std::int64_t>());
        }
    }
    config.pairs = 1000;
    EXPECT_TRUE(draw_pairs(views, config, random).point.equal(views.point));
    config.every_view = false;
    const PointViews one = draw_pairs(views, config, random);
    EXPECT_EQ(one.size(), 30);
    EXPECT_EQ(models::turns(one).max().item<std::int64_t>(), 0);
    EXPECT_FALSE(draw_pairs(views, config, random).features.equal(one.features));
}

class CrossModalSteps : public testing::Test {
protected:
    CrossModalSteps() : batch_(test::random_batch({60, 30})) {
        torch::manual_seed(2);
        model_ = small();
        views_ = some_views(90);
    }
    CrossModalStep step(const CrossModalLossConfig& config, const torch::Tensor& labels) {
        base::Random random(1, 0, 0);
        return cross_modal_step(*model_, batch_, views_, labels, config, 1, random);
    }

    models::TorchBatch batch_;
    std::unique_ptr<models::CrossModal> model_;
    PointViews views_;
};

TEST_F(CrossModalSteps, TheLossIsTheSumOfItsWeightedTerms) {
    CrossModalLossConfig config;
    config.contrastive = 0.3;
    config.consistency = 0.7;
    config.logits = 0.9;
    config.features = 1.1;
    const CrossModalStep result = step(config, batch_.labels);
    auto parts = result.parts;
    EXPECT_EQ(parts.size(), 6U);
    const double expected = parts["fused"] + parts["student"] +
                            0.3 * (parts["contrastive"] + 0.7 * parts["consistency"]) +
                            0.9 * parts["logits"] + 1.1 * parts["features"];
    EXPECT_NEAR(result.loss.item<double>(), expected, 1e-5);
    EXPECT_NEAR(parts["student"],
                losses::segmentation(result.output.student_logits, batch_.labels).item<double>(),
                1e-6);
    EXPECT_NEAR(
        parts["logits"],
        losses::logit_distillation(result.output.student_logits, result.output.fused_logits, 2)
            .item<double>(),
        1e-6);
}

TEST_F(CrossModalSteps, TermsWithoutWeightAreNotComputed) {
    CrossModalLossConfig config;
    config.contrastive = config.logits = config.features = 0;
    const CrossModalStep result = step(config, batch_.labels);
    EXPECT_EQ(result.parts.size(), 2U);
    result.loss.backward();
    for (const auto& item : model_->named_parameters()) {
        const bool unused = item.key().find("projection") != std::string::npos ||
                            item.key().starts_with("feature_map");
        EXPECT_EQ(item.value().grad().defined(), !unused) << item.key();
    }
}

TEST_F(CrossModalSteps, WithoutLabelsTheStudentLearnsFromImagesAlone) {
    const auto none = torch::full_like(batch_.labels, 255);
    const CrossModalStep result = step({}, none);
    EXPECT_EQ(result.parts.at("fused"), 0);
    EXPECT_EQ(result.parts.at("student"), 0);
    result.loss.backward();
    for (const auto& item : model_->network().student().backbone().named_parameters()) {
        EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
    }
}

TEST_F(CrossModalSteps, WithoutAnyViewItTrains) {
    views_ = {torch::zeros({0}, torch::kInt64), torch::zeros({0, 10})};
    const CrossModalStep result = step({}, batch_.labels);
    EXPECT_EQ(result.parts.count("contrastive"), 0U);
    EXPECT_TRUE(result.loss.isfinite().item<bool>());
    result.loss.backward();
}

TEST_F(CrossModalSteps, TrainingLowersEveryTerm) {
    AdamWConfig adamw;
    adamw.learning_rate = 5e-3;
    AdamW optimiser(trained_parameters(*model_), adamw);
    const auto first = step({}, batch_.labels).parts;
    for (int i = 0; i < 80; ++i) {
        optimiser.minimise(step({}, batch_.labels).loss, 1);
    }
    const auto last = step({}, batch_.labels).parts;
    for (const char* name : {"fused", "student", "contrastive", "consistency", "features"}) {
        EXPECT_LT(last.at(name), 0.9 * first.at(name)) << name;
    }
}

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
inference::SeenSample sample(float first) {
    inference::SeenSample sample;
    sample.sample.kept.resize(7);
    sample.seen.rows = {4, 0, 2, 2, 5};
    sample.seen.features = torch::arange(10, torch::kFloat32).view({5, 2}) + first;
    return sample;
}

TEST(PointViews, AreInOrderOfTheBatchsPointsViewsInOrderOfCameras) {
    const auto views = inference::point_views({sample(0), sample(100)});
    EXPECT_TRUE(views.point.equal(torch::tensor({0, 2, 2, 4, 5, 7, 9, 9, 11, 12}, torch::kInt64)));
    EXPECT_TRUE(views.features.select(1, 0).equal(
        torch::tensor({2.F, 4.F, 6.F, 0.F, 8.F, 102.F, 104.F, 106.F, 100.F, 108.F})));
    inference::SeenSample none;
    none.seen.features = torch::empty({0, 2});
    EXPECT_EQ(inference::point_views({none}).size(), 0);
}

}  // namespace
}  // namespace distillar::training
