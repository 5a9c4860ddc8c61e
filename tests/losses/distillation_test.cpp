#include "losses/distillation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/data.hpp"

namespace distillar::losses {
namespace {

TEST(Distillation, IsTheMeanDistanceOfUnitVectors) {
    const auto student = torch::tensor({{2.0F, 0.0F}, {0.0F, 5.0F}});
    const auto teacher = torch::tensor({{0.0F, 0.1F}, {0.0F, 1.0F}});
    EXPECT_NEAR(distillation(student, teacher).item<double>(), std::sqrt(2.0) / 2, 1e-6);
}

TEST(Distillation, EqualFeaturesGiveZeroAndAFiniteGradient) {
    auto student = torch::eye(4).requires_grad_();
    const auto loss = distillation(student, torch::eye(4));
    loss.backward();
    EXPECT_EQ(loss.item<float>(), 0);
    EXPECT_TRUE(torch::isfinite(student.grad()).all().item<bool>());
}

TEST(Distillation, ZeroVectorsStayFinite) {
    auto student = torch::zeros({3, 4}).requires_grad_();
    const auto loss = distillation(student, torch::ones({3, 4}));
    loss.backward();
    EXPECT_NEAR(loss.item<float>(), 1, 1e-6);
    EXPECT_TRUE(torch::isfinite(student.grad()).all().item<bool>());
}

TEST(Distillation, NothingFlowsIntoTheTeacher) {
    auto student = torch::randn({5, 3}).requires_grad_();
    auto teacher = torch::randn({5, 3}).requires_grad_();
    distillation(student, teacher).backward();
    EXPECT_TRUE(student.grad().defined());
    EXPECT_FALSE(teacher.grad().defined());
}

TEST(Distillation, NoPairIsZeroWithAGraph) {
    auto student = torch::zeros({0, 3}).requires_grad_();
    const auto loss = distillation(student, torch::zeros({0, 3}));
    EXPECT_EQ(loss.item<float>(), 0);
    EXPECT_TRUE(loss.requires_grad());
}

TEST(Distillation, OtherDimensionsAreNamed) {
    const auto message = test::error_of([] {
        distillation(torch::zeros({5, 3}), torch::zeros({5, 4}));
    });
    EXPECT_NE(message.find("[5, 3] and [5, 4]"), std::string::npos) << message;
}

}  // namespace
}  // namespace distillar::losses
