#include "training/pseudo_labels.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace distillar::training {
namespace {

torch::Tensor rows(const std::vector<float>& values, std::int64_t classes) {
    return torch::tensor(values).view({-1, classes});
}

std::vector<std::int64_t> listed(const torch::Tensor& tensor) {
    const auto* values = tensor.data_ptr<std::int64_t>();
    return {values, values + tensor.numel()};
}

TEST(PseudoLabels, keep_what_is_above_the_threshold_of_its_class) {
    const auto probabilities = rows({0.95F, 0.05F, 0.9F, 0.1F, 0.3F, 0.7F, 0.39F, 0.61F}, 2);
    const auto labels = pseudo_labels(probabilities, torch::tensor({0.9F, 0.65F}));
    EXPECT_EQ(listed(labels.classes), (std::vector<std::int64_t>{0, 0, 1, 1}));
    EXPECT_EQ(listed(labels.labels), (std::vector<std::int64_t>{0, 255, 1, 255}))
        << "0.9 is not above 0.9";
    EXPECT_EQ(labels.kept().sum().item<int>(), 2);
    EXPECT_FLOAT_EQ(labels.confidence[2].item<float>(), 0.7F);
}

TEST(PseudoLabels, of_no_points_are_none) {
    EXPECT_EQ(pseudo_labels(torch::zeros({0, 3}), torch::zeros({3})).labels.numel(), 0);
}

TEST(PseudoLabels, class_thresholds_follow_the_formula) {
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
