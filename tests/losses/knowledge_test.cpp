#include "losses/knowledge.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/data.hpp"

namespace distillar::losses {
namespace {

TEST(LogitDistillation, ByHand) {
    // softmax(ln 3, 0) = (3/4, 1/4) at T = 1; the student says (1/2, 1/2).
    const auto teacher = torch::tensor({{2 * std::log(3.0F), 0.0F}});
    const auto student = torch::zeros({1, 2});
    const double expected = 4 * (0.75 * std::log(1.5) + 0.25 * std::log(0.5));
    EXPECT_NEAR(logit_distillation(student, teacher, 2).item<double>(), expected, 1e-6);
    EXPECT_NEAR(logit_distillation(teacher, teacher + 5, 2).item<double>(), 0, 1e-6);
}

TEST(LogitDistillation, TeachesTheStudentAlone) {
    torch::manual_seed(1);
    auto student = torch::randn({6, 5}).requires_grad_();
    auto teacher = torch::randn({6, 5}).requires_grad_();
    logit_distillation(student, teacher, 2).backward();
    EXPECT_FALSE(teacher.grad().defined());
    // d/ds of T^2 KL = T (softmax(s / T) - softmax(t / T)), over the points' mean.
    const auto expected = 2 * (torch::softmax(student / 2, 1) - torch::softmax(teacher / 2, 1)) / 6;
    EXPECT_LT((student.grad() - expected).abs().max().item<double>(), 1e-6);
}

TEST(FeatureDistillation, ByHand) {
    auto student = torch::tensor({{3.0F, 0.0F}, {0.0F, 1.0F}}).requires_grad_();
    auto teacher = torch::tensor({{0.0F, 2.0F}, {0.0F, 9.0F}}).requires_grad_();
    const auto loss = feature_distillation(student, teacher);
    EXPECT_NEAR(loss.item<double>(), 0.5, 1e-6);
    loss.backward();
    EXPECT_FALSE(teacher.grad().defined());
    EXPECT_LT(student.grad()[0][1].item<double>(), 0);
}

TEST(Knowledge, NoPointIsZeroAndShapesMustAgree) {
    auto none = torch::zeros({0, 4}).requires_grad_();
    EXPECT_EQ(logit_distillation(none, torch::zeros({0, 4}), 2).item<double>(), 0);
    EXPECT_EQ(feature_distillation(none, torch::zeros({0, 4})).item<double>(), 0);
    const auto bad = [](auto&& loss) {
        return test::error_of([&] { loss(torch::zeros({2, 4}), torch::zeros({2, 5})); });
    };
    EXPECT_NE(bad([](const auto& a, const auto& b) {
                  logit_distillation(a, b, 2);
              }).find("[2, 4] and [2, 5]"),
              std::string::npos);
    EXPECT_NE(bad([](const auto& a, const auto& b) {
                  feature_distillation(a, b);
              }).find("[2, 4] and [2, 5]"),
              std::string::npos);
    EXPECT_NE(test::error_of([] {
                  logit_distillation(torch::zeros({2, 4}), torch::zeros({2, 4}), 0);
              }).find("temperature 0"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::losses
