// The form that runs on a GPU, plain LibTorch operations over the same tables, run here on the CPU:
// a whole network's outputs, gradients and running statistics are those of our kernels.
#include <gtest/gtest.h>

#include <map>

#include "models/network.hpp"
#include "models/operations.hpp"
#include "models/random_batch.hpp"

namespace distillar::models {
namespace {

class PlainNetwork : public testing::TestWithParam<std::tuple<Norm, Activation, double, HeadKind>> {
protected:
    using Results = std::map<std::string, torch::Tensor>;

    /// Everything a training step and an evaluation leave behind.
    static Results results_of(bool plain) {
        const auto [norm, activation, drop_path, head] = GetParam();
        set_plain_operations(plain);
        torch::manual_seed(2);
        Network network({5, 24, 5, norm, activation, drop_path}, {head, 24, 4, 12});
        network.train();
        network.backbone().set_step(3, 8);
        const TorchBatch batch = test::random_batch({90, 1, 61});
        const torch::Tensor out = network.forward(batch);
        out.square().mean().backward();
        Results results{{"training", out.detach()}};
        for (const auto& item : network.named_parameters()) {
            results[item.key()] = item.value().grad();
        }
        for (const auto& item : network.named_buffers()) {
            results[item.key()] = item.value().to(torch::kFloat32);
        }
        network.train(false);
        const torch::NoGradGuard no_grad;
        results["evaluation"] = network.forward(batch);
        set_plain_operations(false);
        return results;
    }
};

TEST_P(PlainNetwork, EqualsTheKernels) {
    const Results plain = results_of(true), kernels = results_of(false);
    ASSERT_EQ(plain.size(), kernels.size());
    double largest = 0;
    for (const auto& [name, tensor] : plain) {
        largest = std::max(largest, tensor.defined() ? tensor.abs().max().item<double>() : 0);
    }
    for (const auto& [name, expected] : plain) {
        const torch::Tensor& actual = kernels.at(name);
        ASSERT_EQ(actual.defined(), expected.defined()) << name;
        if (expected.defined()) {
            const double scale = std::max(1e-4 * largest, expected.abs().max().item<double>());
            EXPECT_LT((actual - expected).abs().max().item<double>(), 2e-4 * scale) << name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Cases, PlainNetwork,
    testing::Values(std::tuple{Norm::layer, Activation::relu, 0.0, HeadKind::linear},
                    std::tuple{Norm::layer, Activation::gelu, 0.5, HeadKind::bn_mlp},
                    std::tuple{Norm::batch, Activation::relu, 0.5, HeadKind::bn_linear},
                    std::tuple{Norm::batch, Activation::gelu, 0.0, HeadKind::mlp}));

}  // namespace
}  // namespace distillar::models
