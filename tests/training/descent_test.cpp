#include "training/descent.hpp"

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

class DescentTest : public testing::Test {
protected:
    DescentTest() : optimiser_(trained_parameters(module_), {.learning_rate = 0.1}) {}

    double step(Descent& descent, const torch::Tensor& rows) {
        return descent.step(module_.loss(rows), 1, [&] {
            return std::map<std::string, torch::Tensor>{{"rows", rows}, {"none", {}}};
        });
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
    AdamW optimiser_;
};

TEST_F(DescentTest, AStepThatIsNotFiniteChangesNothing) {
    Descent descent(module_, optimiser_, run_, 3);
    const auto before = values();
    step(descent, good_);
    const auto after = values();
    EXPECT_FALSE(equal(before, after));
    EXPECT_TRUE(std::isnan(step(descent, bad_)));
    EXPECT_TRUE(equal(values(), after));
    EXPECT_EQ(descent.left_out(), 1);
    EXPECT_TRUE(std::isfinite(step(descent, good_)));
    EXPECT_FALSE(equal(values(), after)) << "it goes on";
}

TEST_F(DescentTest, AGradientThatIsNotFiniteIsNoStepEither) {
    Descent descent(module_, optimiser_, run_, 3);
    const auto before = values();
    const torch::Tensor weight = module_.named_parameters()["linear.weight"];
    const auto loss = (weight - weight.detach()).abs().sqrt().sum();  // 0, of infinite slope
    EXPECT_EQ(descent.step(loss, 1, [] { return std::map<std::string, torch::Tensor>{}; }), 0);
    EXPECT_TRUE(equal(values(), before));
    EXPECT_EQ(descent.left_out(), 1);
}

TEST_F(DescentTest, TooManyInARowEndTheRunAndLeaveTheLast) {
    Descent descent(module_, optimiser_, run_, 3);
    step(descent, bad_);
    step(descent, bad_);
    step(descent, good_);  // the count begins again
    step(descent, bad_);
    step(descent, bad_);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run/bad-step.safetensors"));
    const auto error = test::error_of([&] { step(descent, bad_); });
    EXPECT_NE(error.find("3 steps in a row"), std::string::npos) << error;
    const auto tensors = formats::read_safetensors(folder_ / "run/bad-step.safetensors").tensors;
    ASSERT_EQ(tensors.size(), 1U);
    EXPECT_EQ(tensors.at("rows").shape, (std::vector<std::int64_t>{4, 3}));
}

}  // namespace
}  // namespace distillar::training
