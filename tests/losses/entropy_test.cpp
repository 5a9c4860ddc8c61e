#include "losses/entropy.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace distillar::losses {
namespace {

TEST(PredictionEntropy, EqualsTheSumByHand) {
    const auto logits = torch::tensor({{0.0F, 0.0F}, {std::log(3.0F), 0.0F}});
    const double second = -(0.75 * std::log(0.75) + 0.25 * std::log(0.25));
    EXPECT_NEAR(prediction_entropy(logits).item<double>(), (std::log(2.0) + second) / 2, 1e-6);
}

TEST(PredictionEntropy, FallsAlongItsGradient) {
    auto logits = torch::tensor({{0.5F, 0.1F, -0.2F}, {0.0F, 1.0F, 0.9F}}).requires_grad_();
    const auto before = prediction_entropy(logits);
    before.backward();
    const auto after = prediction_entropy(logits.detach() - 0.1 * logits.grad());
    EXPECT_LT(after.item<double>(), before.item<double>());
}

TEST(PredictionEntropy, OfNothingIsZeroAndHasAGraph) {
    const auto logits = torch::zeros({0, 4}).requires_grad_();
    const auto none = prediction_entropy(logits);
    EXPECT_EQ(none.item<double>(), 0);
    EXPECT_TRUE(none.requires_grad());
}

}  // namespace
}  // namespace distillar::losses
