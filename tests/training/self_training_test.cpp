#include "training/self_training.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "losses/entropy.hpp"
#include "losses/segmentation.hpp"
#include "models/state.hpp"
#include "support/data.hpp"

namespace distillar::training {
namespace {

/// A head that has learned something: no layer is at its start.
std::shared_ptr<models::Head> made_head() {
    torch::manual_seed(3);
    auto head =
        std::make_shared<models::Head>(models::HeadConfig{models::HeadKind::bn_mlp, 3, 4, 5});
    const torch::NoGradGuard no_grad;
    for (auto& parameter : head->parameters()) {
        parameter.normal_();
    }
    for (auto& buffer : head->named_buffers()) {
        if (buffer.value().is_floating_point()) {
            buffer.value().uniform_(0.5, 1.5);
        }
    }
    return head;
}

TokenBatch made_batch(std::int64_t points, bool labelled) {
    return {torch::randn({points, 3}),
            labelled ? torch::randint(0, 4, {points}, torch::kInt64) : torch::Tensor()};
}

void move(models::Head& head, float by) {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : head.parameters()) {
        parameter.add_(by);
    }
}

std::vector<float> values_of(const torch::nn::Module& module, const std::string& name) {
    return formats::to_floats(models::state_of(module).at(name), name);
}

TEST(SelfTraining, TheTeacherIsTheMovingAverageOfTheStudentsParameters) {
    AdaptConfig config;
    config.ema = 0.9;
    config.ema_every = 2;
    SelfTraining heads(config, 1, *made_head());
    const auto start = values_of(heads, "teacher.1.weight");
    const auto statistics = values_of(heads, "teacher.0.running_mean");
    move(heads.student(), 1);
    heads.update_teacher(1);
    EXPECT_EQ(values_of(heads, "teacher.1.weight"), start) << "every second step";
    heads.update_teacher(2);
    move(heads.student(), 2);
    heads.update_teacher(3);
    heads.update_teacher(4);
    const auto end = values_of(heads, "teacher.1.weight");
    for (std::size_t i = 0; i < start.size(); ++i) {
        const double once = 0.9 * double{start[i]} + 0.1 * (double{start[i]} + 1);
        EXPECT_NEAR(end[i], 0.9 * once + 0.1 * (double{start[i]} + 3), 1e-6);
    }
    EXPECT_EQ(values_of(heads, "teacher.0.running_mean"), statistics);
}

TEST(SelfTraining, TheLossIsTheSumOfItsWeightedParts) {
    AdaptConfig config;
    config.confidence = 0.6;
    config.source_weight = 0.5;
    config.target_weight = 2;
    config.target_lovasz = 0.25;
    config.entropy_weight = 0.125;
    SelfTraining heads(config, 0.75, *made_head());
    move(heads.teacher(), 0.1F);
    const auto source = made_batch(40, true);
    const auto target = made_batch(50, false);
    const auto step = heads.step(source, target);

    const auto pseudo = torch::softmax(heads.teacher().forward(target.tokens), 1).max(1);
    const auto kept = std::get<0>(pseudo).gt(0.6F);
    ASSERT_GT(kept.sum().item<int>(), 0);
    ASSERT_LT(kept.sum().item<int>(), 50);
    const auto labels = std::get<1>(pseudo).masked_fill(kept.logical_not(), 255);
    const auto logits = heads.student().forward(target.tokens);
    const double expected =
        0.5 * losses::segmentation(heads.student().forward(source.tokens), source.labels, 0.75)
                  .item<double>() +
        2 * losses::segmentation(logits, labels, 0.25).item<double>() +
        0.125 * losses::prediction_entropy(logits).item<double>();
    EXPECT_NEAR(step.loss.item<double>(), expected, 1e-5);
    EXPECT_EQ(heads.confident_points(), kept.sum().item<std::int64_t>());
    EXPECT_EQ(heads.highest_confidence(), std::get<0>(pseudo).max().item<double>());
}

TEST(SelfTraining, NoGradientReachesTheTeacherAndNoStepMovesStatistics) {
    SelfTraining heads({}, 1, *made_head());
    const auto before = models::state_of(heads.student());
    const auto source = made_batch(30, true);
    heads.step(source, made_batch(30, false)).loss.backward();
    for (const auto& parameter : heads.teacher().parameters()) {
        EXPECT_FALSE(parameter.grad().defined());
    }
    for (const auto& parameter : heads.student().parameters()) {
        EXPECT_TRUE(parameter.grad().defined());
    }
    for (const auto& [name, tensor] : models::state_of(heads.student())) {
        EXPECT_TRUE(std::ranges::equal(tensor.bytes, before.at(name).bytes)) << name;
    }
}

TEST(SelfTraining, TheClassesAverageStartsWithTheFirstBatch) {
    AdaptConfig config;
    config.thresholds = AdaptConfig::Thresholds::by_class;
    config.class_thresholds.momentum = 0.75;
    SelfTraining heads(config, 1, *made_head());
    const auto source = made_batch(10, true);
    const auto mean_of = [&](const TokenBatch& batch) {
        return torch::softmax(heads.teacher().forward(batch.tokens), 1).mean(0);
    };
    const auto first = made_batch(20, false);
    const auto second = made_batch(30, false);
    heads.step(source, {torch::zeros({0, 3}), {}});
    heads.step(source, first);
    const auto step = heads.step(source, second);
    const auto expected = 0.75 * mean_of(first) + 0.25 * mean_of(second);
    const auto running = values_of(heads, "running_probability");
    for (std::int64_t c = 0; c < 4; ++c) {
        EXPECT_NEAR(running[static_cast<std::size_t>(c)], expected[c].item<float>(), 1e-6);
    }
    const auto probabilities = torch::softmax(heads.teacher().forward(second.tokens), 1);
    const auto labels = pseudo_labels(
        probabilities, class_thresholds(probabilities, expected, config.class_thresholds));
    EXPECT_TRUE(step.pseudo.labels.equal(labels.labels));
}

TEST(SelfTraining, AnEmptyBatchOnEitherSideIsNoError) {
    SelfTraining heads({}, 1, *made_head());
    const TokenBatch no_target{torch::zeros({0, 3}), {}};
    const TokenBatch no_source{torch::zeros({0, 3}), torch::zeros({0}, torch::kInt64)};
    EXPECT_EQ(heads.step(no_source, no_target).loss.item<double>(), 0);
    heads.step(no_source, made_batch(9, false)).loss.backward();
}

TEST(SelfTraining, TheBestHeadIsTheOneOfTheLowestEntropy) {
    AdaptConfig config;
    config.select = AdaptConfig::Select::entropy;
    SelfTraining heads(config, 1, *made_head());
    heads.offer(0.5);
    const auto best = values_of(heads.student(), "1.weight");
    move(heads.student(), 1);
    heads.offer(0.6);
    EXPECT_EQ(values_of(heads.best(), "1.weight"), best);
    heads.offer(0.4);
    EXPECT_EQ(values_of(heads.best(), "1.weight"), values_of(heads.student(), "1.weight"));
    EXPECT_NEAR(heads.lowest_entropy(), 0.4, 1e-6);
}

torch::Tensor rows(const std::vector<float>& values, std::int64_t classes) {
    return torch::tensor(values).view({-1, classes});
}

std::vector<std::int64_t> listed(const torch::Tensor& tensor) {
    const auto* values = tensor.data_ptr<std::int64_t>();
    return {values, values + tensor.numel()};
}

TEST(PseudoLabels, KeepWhatIsAboveTheThresholdOfItsClass) {
    const auto probabilities = rows({0.95F, 0.05F, 0.9F, 0.1F, 0.3F, 0.7F, 0.39F, 0.61F}, 2);
    const auto labels = pseudo_labels(probabilities, torch::tensor({0.9F, 0.65F}));
    EXPECT_EQ(listed(labels.classes), (std::vector<std::int64_t>{0, 0, 1, 1}));
    EXPECT_EQ(listed(labels.labels), (std::vector<std::int64_t>{0, 255, 1, 255}))
        << "0.9 is not above 0.9";
    EXPECT_EQ(labels.kept().sum().item<int>(), 2);
    EXPECT_FLOAT_EQ(labels.confidence[2].item<float>(), 0.7F);
}

TEST(PseudoLabels, OfNoPointsAreNone) {
    EXPECT_EQ(pseudo_labels(torch::zeros({0, 3}), torch::zeros({3})).labels.numel(), 0);
}

TEST(PseudoLabels, ClassThresholdsFollowTheFormula) {
    // Class 2 is nobody's most likely class: its 0.35 is no peak. Class 1 is rare in the average.
    const auto probabilities = rows({0.8F, 0.1F, 0.1F, 0.5F, 0.15F, 0.35F, 0.1F, 0.6F, 0.3F}, 3);
    const auto running = torch::tensor({0.5F, 0.001F, 0.2F});
    const auto thresholds = class_thresholds(probabilities, running, {0.8, 0.2, 0.001, 0.9});
    EXPECT_FLOAT_EQ(thresholds[0].item<float>(), 0.64F);
    EXPECT_NEAR(thresholds[1].item<double>(), 0.8 * 0.6 * (1 - std::exp(-1.0)), 1e-6);
    EXPECT_FLOAT_EQ(thresholds[2].item<float>(), 0.2F) << "the floor";
}

}  // namespace
}  // namespace distillar::training
