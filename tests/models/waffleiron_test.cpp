#include "models/waffleiron.hpp"

#include <map>

#include "models/operations.hpp"
#include "models/reference_network.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

using test::ReferenceNetwork;
using test::relative_error;

/// Every reference case, by own kernels (false) and by plain LibTorch operations (true).
class WaffleIronCase : public testing::TestWithParam<std::tuple<const char*, bool>> {
protected:
    void SetUp() override { set_plain_operations(std::get<1>(GetParam())); }
    void TearDown() override { set_plain_operations(false); }
    static std::string name() { return std::get<0>(GetParam()); }
};

TEST_P(WaffleIronCase, EvaluationMatchesPublishedCode) {
    DISTILLAR_REFERENCE_OR_SKIP(folder);
    ReferenceNetwork reference(folder, name());
    reference.network->eval();
    const torch::NoGradGuard no_grad;
    WaffleIron& backbone = reference.network->backbone();
    const double limit = 1e-4;
    EXPECT_LT(relative_error(backbone.embed(reference.batch), reference.rows("eval.embedding")),
              limit);
    EXPECT_LT(relative_error(backbone.forward(reference.batch), reference.rows("eval.tokens")),
              limit);
    EXPECT_LT(
        relative_error(reference.network->forward(reference.batch), reference.rows("eval.logits")),
        limit);
}

TEST_P(WaffleIronCase, TrainingMatchesPublishedCode) {
    DISTILLAR_REFERENCE_OR_SKIP(folder);
    ReferenceNetwork reference(folder, name());
    if (!reference.has("train.logits")) {  // the padded batch holds evaluation only
        EXPECT_GT(reference.lengths.size(), 1U);
        return;
    }
    reference.network->train();
    reference.batch.features.requires_grad_(true);
    const torch::Tensor logits = reference.network->forward(reference.batch);
    EXPECT_LT(relative_error(logits, reference.rows("train.logits")), 1e-4);
    const torch::Tensor loss = logits.square().mean();
    EXPECT_LT(relative_error(loss.view({1}), reference.tensor("train.loss")), 1e-4);
    loss.backward();

    std::map<std::string, torch::Tensor> gradients;
    double largest = 0;
    for (const auto& item : reference.network->named_parameters()) {
        gradients[item.key()] = item.value().grad();
        const torch::Tensor expected = reference.tensor("train.grad." + item.key());
        largest = std::max(largest, expected.abs().max().item<double>());
    }
    for (const auto& [key, gradient] : gradients) {
        ASSERT_TRUE(gradient.defined()) << key;
        const torch::Tensor expected = reference.tensor("train.grad." + key);
        if (key == "embed.conv2.0.bias") {  // zero in exact arithmetic
            EXPECT_LT((gradient - expected).abs().max().item<double>(), 1e-6 * largest) << key;
        } else {
            EXPECT_LT(relative_error(gradient, expected, 1e-3 * largest), 1e-3) << key;
        }
    }
    EXPECT_LT(relative_error(reference.batch.features.grad(), reference.rows("train.grad.feat"),
                             1e-3 * largest),
              1e-3);
}

TEST_P(WaffleIronCase, RunningStatisticsMatchPublishedCode) {
    DISTILLAR_REFERENCE_OR_SKIP(folder);
    ReferenceNetwork reference(folder, name());
    reference.network->train();
    reference.network->forward(reference.batch);
    const std::string prefix = "train.state.";
    int compared = 0;
    for (const auto& item : reference.network->named_buffers()) {
        if (reference.has(prefix + item.key())) {
            EXPECT_LT(relative_error(item.value(), reference.tensor(prefix + item.key())), 1e-4)
                << item.key();
            ++compared;
        }
    }
    if (reference.has(prefix + "embed.norm.running_mean")) {
        EXPECT_GE(compared, 6);
    }
}

/// A step's gradients without and with a gradient for the features (which takes another path
/// through the embedding) agree.
TEST_P(WaffleIronCase, FeatureGradientChangesNothingElse) {
    DISTILLAR_REFERENCE_OR_SKIP(folder);
    ReferenceNetwork with(folder, name());
    ReferenceNetwork without(folder, name());
    with.batch.features.requires_grad_(true);
    for (ReferenceNetwork* reference : {&with, &without}) {
        reference->network->train();
        reference->network->forward(reference->batch).square().mean().backward();
    }
    double largest = 0;
    for (const auto& parameter : with.network->parameters()) {
        largest = std::max(largest, parameter.grad().abs().max().item<double>());
    }
    const auto expected = with.network->named_parameters();
    for (const auto& item : without.network->named_parameters()) {
        EXPECT_LT(relative_error(item.value().grad(), expected[item.key()].grad(), 1e-3 * largest),
                  1e-3)
            << item.key();
    }
}

INSTANTIATE_TEST_SUITE_P(Reference, WaffleIronCase,
                         testing::Combine(testing::Values("waffleiron_bn", "waffleiron_ln",
                                                          "waffleiron_ln_batch", "scalr_plus",
                                                          "downstream"),
                                          testing::Bool()),
                         [](const auto& one) {
                             return std::string(std::get<0>(one.param)) +
                                    (std::get<1>(one.param) ? "_plain" : "");
                         });

}  // namespace
}  // namespace distillar::models
