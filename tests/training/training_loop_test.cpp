#include "training/training_loop.hpp"

#include <gtest/gtest.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>

#include <limits>

#include "formats/safetensors.hpp"
#include "support/data.hpp"

namespace distillar::training {
namespace {

/// Batch norm and a linear layer.
class Small : public torch::nn::Module {
public:
    Small() {
        norm_ = register_module("norm", torch::nn::BatchNorm1d(3));
        linear_ = register_module("linear", torch::nn::Linear(3, 1));
    }
    torch::Tensor loss(const torch::Tensor& rows) { return linear_(norm_(rows)).square().mean(); }

private:
    torch::nn::BatchNorm1d norm_{nullptr};
    torch::nn::Linear linear_{nullptr};
};

class TrainingLoops : public testing::Test {
protected:
    void SetUp() override {
        loop_.prefetch([](std::int64_t step) { return step; });
    }

    double step(const torch::Tensor& rows) {
        return loop_.descend(module_.loss(rows), {{"rows", rows}, {"none", {}}});
    }
    std::vector<torch::Tensor> values() {
        std::vector<torch::Tensor> all;
        for (const auto& each : module_.parameters()) {
            all.push_back(each.detach().clone());
        }
        for (const auto& each : module_.buffers()) {
            if (each.is_floating_point()) {
                all.push_back(each.detach().clone());
            }
        }
        return all;
    }
    static bool equal(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
        return std::equal(a.begin(), a.end(), b.begin(),
                          [](const auto& x, const auto& y) { return x.equal(y); });
    }

    const torch::Tensor good_ = torch::arange(12, torch::kFloat32).view({4, 3});
    const torch::Tensor bad_ = torch::full({4, 3}, std::numeric_limits<float>::quiet_NaN());
    test::TemporaryFolder folder_;
    RunFolder run_{folder_ / "run", PretrainConfig()};
    Small module_;
    AdamW optimiser_{trained_parameters(module_), {.learning_rate = 0.1}};
    TrainingLoop loop_{
        {"test", 2, 2, 3}, Schedule({.warmup_steps = 0}, 3, 0), run_, module_, optimiser_};
};

TEST_F(TrainingLoops, AStepThatIsNotFiniteChangesNothing) {
    const auto before = values();
    step(good_);
    const auto after = values();
    EXPECT_FALSE(equal(before, after));
    EXPECT_TRUE(std::isnan(step(bad_)));
    EXPECT_TRUE(equal(values(), after));
    EXPECT_EQ(loop_.left_out(), 1);
    EXPECT_TRUE(std::isfinite(step(good_)));
    EXPECT_FALSE(equal(values(), after)) << "it goes on";
}

TEST_F(TrainingLoops, AGradientThatIsNotFiniteIsNoStepEither) {
    const auto before = values();
    const torch::Tensor weight = module_.named_parameters()["linear.weight"];
    const auto loss = (weight - weight.detach()).abs().sqrt().sum();  // 0, of infinite slope
    EXPECT_EQ(loop_.descend(loss, {}), 0);
    EXPECT_TRUE(equal(values(), before));
    EXPECT_EQ(loop_.left_out(), 1);
}

TEST_F(TrainingLoops, TooManyInARowEndTheRunAndLeaveTheLast) {
    step(bad_);
    step(bad_);
    step(good_);  // the count begins again
    step(bad_);
    step(bad_);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run/bad-step.safetensors"));
    const auto error = test::error_of([&] { step(bad_); });
    EXPECT_NE(error.find("3 steps in a row"), std::string::npos) << error;
    const auto tensors = formats::read_safetensors(folder_ / "run/bad-step.safetensors").tensors;
    ASSERT_EQ(tensors.size(), 1U);
    EXPECT_EQ(tensors.at("rows").shape, (std::vector<std::int64_t>{4, 3}));
}

TEST_F(TrainingLoops, EveryStepIsShownSomeAreLoggedAndSaved) {
    std::vector<std::int64_t> steps;
    auto items = loop_.prefetch([](std::int64_t step) { return 10 * step; });
    while (const auto item = items.next()) {
        EXPECT_EQ(*item, 10 * loop_.step());
        steps.push_back(loop_.step());
        loop_.log({{"loss", step(good_)}});
        loop_.end_step(std::nullopt);
    }
    EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 1, 2}));
    std::vector<std::int64_t> logged;
    for (const auto& line : read_metrics(run_.metrics_file())) {
        logged.push_back(line.step);
        EXPECT_TRUE(line.values.contains("loss"));
        EXPECT_TRUE(line.values.contains("learning_rate"));
    }
    EXPECT_EQ(logged, (std::vector<std::int64_t>{2, 3})) << "every second, and the last";
    TrainingLoop again({"test", 2, 2, 3}, Schedule({.warmup_steps = 0}, 3, 0), run_, module_,
                       optimiser_);
    EXPECT_EQ(again.step(), 2) << "the end itself is no checkpoint";
}

}  // namespace
}  // namespace distillar::training
