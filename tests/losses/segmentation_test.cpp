#include "losses/segmentation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/thread_pool.hpp"
#include "losses/lovasz.hpp"
#include "support/data.hpp"

namespace distillar::losses {
namespace {

struct Case {
    torch::Tensor logits;
    torch::Tensor labels;
};

Case random_case(std::int64_t points, std::int64_t classes, bool ties = false) {
    auto logits = 3 * torch::randn({points, classes});
    if (ties) {
        logits = logits.round();  // many equal errors
    }
    return {logits, torch::randint(0, classes, {points}, torch::kInt64)};
}

TEST(CrossEntropy, OfTwoPointsByHand) {
    const auto logits = torch::tensor({{1.0F, 3.0F}, {2.0F, 0.0F}, {50.0F, -50.0F}});
    const auto labels = torch::tensor({std::int64_t{1}, std::int64_t{1}, ignore_label});
    const double first = std::log(1 + std::exp(-2.0));
    const double second = 2 + std::log(1 + std::exp(-2.0));
    EXPECT_NEAR(cross_entropy(logits, labels).item<double>(), (first + second) / 2, 1e-6);
}

TEST(Lovasz, OfThreePointsByHand) {
    // Class 0 has points 0 and 1. Errors 0.1, 0.6, 0.3 (point 2 is of class 1).
    const auto p = torch::tensor({0.9F, 0.4F, 0.3F});
    const auto logits = torch::stack({p.log(), (1 - p).log()}, 1);
    const auto labels = torch::tensor({0, 0, 1}, torch::kInt64);
    // Class 0, falling: 0.6 (in), 0.3 (out), 0.1 (in): J = 1/2, 2/3, 1.
    const double zero = 0.6 * 0.5 + 0.3 * (2.0 / 3 - 0.5) + 0.1 * (1.0 / 3);
    // Class 1, falling: 0.6 (out), 0.3 (in), 0.1 (out): J = 1/2, 1, 1.
    const double one = 0.6 * 0.5 + 0.3 * 0.5;
    EXPECT_NEAR(lovasz_softmax(logits, labels).item<double>(), (zero + one) / 2, 1e-6);
}

TEST(Lovasz, FastFormEqualsTheOneByOperations) {
    torch::manual_seed(3);
    for (const bool ties : {false, true}) {
        for (const std::int64_t points : {1, 2, 17, 4000}) {
            const auto [logits, labels] = random_case(points, 7, ties);
            auto fast = torch::softmax(logits, 1).requires_grad_();
            auto plain = fast.detach().clone().requires_grad_();
            const auto fast_loss = lovasz_on_cpu(fast, labels);
            const auto plain_loss = lovasz_by_operations(plain, labels);
            (2 * fast_loss).backward();
            (2 * plain_loss).backward();
            EXPECT_NEAR(fast_loss.item<double>(), plain_loss.item<double>(), 1e-6);
            EXPECT_LT((fast.grad() - plain.grad()).abs().max().item<double>(), 1e-6);
        }
    }
}

TEST(Lovasz, PerfectPredictionsCostNothingAndPushNowhere) {
    const auto labels = torch::tensor({0, 1, 1, 0}, torch::kInt64);
    auto probabilities = torch::one_hot(labels, 3).to(torch::kFloat32).requires_grad_();
    const auto loss = lovasz_on_cpu(probabilities, labels);
    loss.backward();
    EXPECT_EQ(loss.item<double>(), 0);
    EXPECT_EQ(probabilities.grad().abs().max().item<double>(), 0);
}

TEST(Lovasz, SameBitsForAnyNumberOfThreads) {
    torch::manual_seed(4);
    const auto [logits, labels] = random_case(5000, 13);
    const auto probabilities = torch::softmax(logits, 1);
    std::vector<torch::Tensor> gradients;
    std::vector<float> losses;
    const auto before = base::thread_count();
    for (const std::size_t threads : {1, 2, 3, 2}) {
        base::set_thread_count(threads);
        auto input = probabilities.clone().requires_grad_();
        const auto loss = lovasz_on_cpu(input, labels);
        loss.backward();
        losses.push_back(loss.item<float>());
        gradients.push_back(input.grad());
    }
    base::set_thread_count(before);
    for (std::size_t i = 1; i < losses.size(); ++i) {
        EXPECT_EQ(losses[i], losses[0]);
        EXPECT_TRUE(torch::equal(gradients[i], gradients[0]));
    }
}

TEST(Segmentation, IgnoredPointsTakeNoPart) {
    torch::manual_seed(5);
    auto [logits, labels] = random_case(300, 5);
    const auto clean = segmentation(logits.slice(0, 0, 200), labels.slice(0, 0, 200));
    labels.slice(0, 200).fill_(ignore_label);
    logits.requires_grad_();
    const auto loss = segmentation(logits, labels);
    loss.backward();
    EXPECT_FLOAT_EQ(loss.item<float>(), clean.item<float>());
    EXPECT_EQ(logits.grad().slice(0, 200).abs().max().item<float>(), 0);
}

TEST(Segmentation, AllIgnoredIsZeroWithAGraph) {
    auto logits = torch::randn({10, 4}).requires_grad_();
    const auto labels = torch::full({10}, ignore_label, torch::kInt64);
    const auto loss = segmentation(logits, labels);
    EXPECT_EQ(loss.item<float>(), 0);
    ASSERT_TRUE(loss.requires_grad());
    loss.backward();
    EXPECT_EQ(logits.grad().abs().max().item<float>(), 0);
}

TEST(Segmentation, WithoutLovaszIsCrossEntropy) {
    torch::manual_seed(6);
    const auto [logits, labels] = random_case(50, 4);
    EXPECT_EQ(segmentation(logits, labels, 0).item<float>(),
              cross_entropy(logits, labels).item<float>());
}

TEST(Segmentation, LabelThatIsNoClassIsNamed) {
    const auto logits = torch::zeros({3, 4});
    const auto high = torch::tensor({0, 9, 1}, torch::kInt64);
    const auto low = torch::tensor({0, -1, 1}, torch::kInt64);
    EXPECT_NE(test::error_of([&] { segmentation(logits, high); }).find("label 9"),
              std::string::npos);
    EXPECT_NE(test::error_of([&] { lovasz_softmax(logits, low); }).find("label -1"),
              std::string::npos);
}

TEST(Segmentation, ShapesThatDisagreeAreNamed) {
    const auto message = test::error_of([&] {
        cross_entropy(torch::zeros({3, 4}), torch::zeros({5}, torch::kInt64));
    });
    EXPECT_NE(message.find("[3, 4] and [5]"), std::string::npos) << message;
}

}  // namespace
}  // namespace distillar::losses
