// The form that runs on a GPU, plain LibTorch operations over the same tables, run on the CPU and,
// where there is one, on a GPU: a whole network's outputs, gradients and running statistics are
// those of our kernels.
#include <gtest/gtest.h>

#include <map>

#include "models/gpu.hpp"
#include "models/network.hpp"
#include "models/operations.hpp"
#include "models/random_batch.hpp"

namespace distillar::models {
namespace {

class PlainNetwork : public testing::TestWithParam<std::tuple<Norm, Activation, double, HeadKind>> {
protected:
    using Results = std::map<std::string, torch::Tensor>;

    /// Everything a training step and an evaluation leave behind.
    static Results results_of(bool plain, torch::Device device = torch::kCPU) {
        const auto [norm, activation, drop_path, head] = GetParam();
        set_plain_operations(plain);
        torch::manual_seed(2);
        Network network({5, 24, 5, norm, activation, drop_path}, {head, 24, 4, 12});
        network.to(device);
        network.train();
        network.backbone().set_step(3, 8);
        const TorchBatch batch = test::random_batch({90, 1, 61}, 5, 1, device);
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
        for (auto& [name, tensor] : results) {
            tensor = tensor.defined() ? tensor.to(torch::kCPU) : tensor;
        }
        return results;
    }

    static void expect_equal(const Results& expected, const Results& actual) {
        ASSERT_EQ(expected.size(), actual.size());
        double largest = 0;
        for (const auto& [name, tensor] : expected) {
            largest = std::max(largest, tensor.defined() ? tensor.abs().max().item<double>() : 0);
        }
        for (const auto& [name, tensor] : expected) {
            const torch::Tensor& other = actual.at(name);
            ASSERT_EQ(other.defined(), tensor.defined()) << name;
            if (tensor.defined()) {
                const double scale = std::max(1e-4 * largest, tensor.abs().max().item<double>());
                EXPECT_LT((other - tensor).abs().max().item<double>(), 2e-4 * scale) << name;
            }
        }
    }
};

TEST_P(PlainNetwork, EqualsTheKernels) {
    expect_equal(results_of(true), results_of(false));
}

TEST_P(PlainNetwork, OnAGpuEqualsTheKernels) {
    DISTILLAR_GPU_OR_SKIP();
    expect_equal(results_of(false), results_of(false, torch::kCUDA));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, PlainNetwork,
    testing::Values(std::tuple{Norm::layer, Activation::relu, 0.0, HeadKind::linear},
                    std::tuple{Norm::layer, Activation::gelu, 0.5, HeadKind::bn_mlp},
                    std::tuple{Norm::batch, Activation::relu, 0.5, HeadKind::bn_linear},
                    std::tuple{Norm::batch, Activation::gelu, 0.0, HeadKind::mlp}));

}  // namespace
}  // namespace distillar::models
