// Layers that run again in the backward pass: the same bits as layers whose activations are kept.
#include "models/recompute.hpp"

#include <gtest/gtest.h>

#include "models/network.hpp"
#include "models/operations.hpp"
#include "models/random_batch.hpp"

namespace distillar::models {
namespace {

struct Case {
    Norm norm;
    double drop_path;
    bool plain;  ///< LibTorch operations instead of our kernels, as on a GPU
};

class Recomputing : public testing::TestWithParam<Case> {
protected:
    void SetUp() override { set_plain_operations(GetParam().plain); }
    void TearDown() override { set_plain_operations(false); }

    /// Output, gradients and, as they are afterwards, buffers of a training step.
    static std::map<std::string, torch::Tensor> step(bool recompute, const std::string& frozen) {
        torch::manual_seed(5);
        Network network(
            {5, 16, 6, GetParam().norm, Activation::gelu, GetParam().drop_path, recompute},
            {HeadKind::linear, 16, 4, 16});
        network.train();
        for (const auto& item : network.named_parameters()) {
            item.value().requires_grad_(frozen.empty() || !item.key().starts_with(frozen));
        }
        network.backbone().set_step(3, 8);
        const torch::Tensor out = network.forward(test::random_batch({60, 41}));
        out.square().mean().backward();
        std::map<std::string, torch::Tensor> results{{"out", out.detach()}};
        for (const auto& item : network.named_parameters()) {
            results[item.key()] = item.value().grad();
        }
        for (const auto& item : network.named_buffers()) {
            results[item.key()] = item.value();
        }
        return results;
    }

    static void expect_equal(const std::string& frozen) {
        const auto stored = step(false, frozen);
        const auto recomputed = step(true, frozen);
        ASSERT_EQ(stored.size(), recomputed.size());
        std::size_t gradients = 0;
        for (const auto& [name, expected] : stored) {
            const torch::Tensor& actual = recomputed.at(name);
            ASSERT_EQ(actual.defined(), expected.defined()) << name;
            EXPECT_TRUE(!expected.defined() || torch::equal(actual, expected)) << name;
            gradients += expected.defined() ? 1 : 0;
        }
        EXPECT_GT(gradients, 20U);
    }
};

TEST_P(Recomputing, GivesTheSameBits) {
    expect_equal("");
}

TEST_P(Recomputing, GivesTheSameBitsWhereOthersAreFrozen) {
    expect_equal("embed.");                     // the first layer's input needs no gradient
    expect_equal("waffleiron.spatial_mix.2.");  // nor some of a layer's parameters
}

INSTANTIATE_TEST_SUITE_P(Cases, Recomputing,
                         testing::Values(Case{Norm::layer, 0, false}, Case{Norm::batch, 0, false},
                                         Case{Norm::layer, 0.5, false},
                                         Case{Norm::batch, 0.5, true}));

TEST(Recomputed, KeepsTheInputAlone) {
    const torch::Tensor weight = torch::randn({8, 8}).requires_grad_(true);
    torch::Tensor hidden;
    int runs = 0;
    const auto layer = [&](const torch::Tensor& x) {
        ++runs;
        EXPECT_EQ(recomputing(), runs == 2);
        EXPECT_EQ(torch::GradMode::is_enabled(), runs == 2);
        hidden = torch::mm(x, weight);
        return torch::relu(hidden);
    };
    const torch::Tensor out = recomputed(torch::randn({4, 8}), {weight}, layer);
    EXPECT_EQ(hidden.use_count(), 1U) << "nobody else holds it";
    out.sum().backward();
    EXPECT_EQ(runs, 2);
    EXPECT_FALSE(recomputing());
    EXPECT_TRUE(weight.grad().defined());
}

}  // namespace
}  // namespace distillar::models
