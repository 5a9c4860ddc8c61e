#include "models/dinov2_inference.hpp"

#include <gtest/gtest.h>

#include "base/thread_pool.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "kernels/packed_product.hpp"
#include "models/compare.hpp"
#include "models/state.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

using test::relative_error;

/// Random weights everywhere, so that nothing is tested against zeros.
std::shared_ptr<DinoV2> random_network(int registers = 0, bool swiglu = false) {
    DinoV2Config config;
    config.dim = 96;
    config.depth = 3;
    config.heads = 3;
    config.positions = 5;
    config.registers = registers;
    config.swiglu = swiglu;
    torch::manual_seed(7);
    auto network = std::make_shared<DinoV2>(config);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : network->parameters()) {
        parameter.normal_(0, 0.1);
    }
    return network;
}

DinoV2::Output run(DinoV2& network, const torch::Tensor& images, Precision precision) {
    const torch::Tensor tokens = network.embed(images);
    const DinoV2Inference inference(network, tokens.size(1), precision);
    std::vector<torch::Tensor> results;
    for (const torch::Tensor& one : tokens.split(1)) {
        results.push_back(inference.run(one));
    }
    return network.finish(torch::cat(results));
}

TEST(DinoV2Inference, EqualsThePublishedOnEverySize) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const auto network = load_dinov2(formats::read_pth(reference / "dinov2_tiny.pth"), "tiny", 3);
    const auto file = formats::read_safetensors(reference / "dinov2_tiny.case.safetensors");
    for (const std::string size : {"0.", "1.", "2."}) {
        const auto at = [&](const char* name) { return to_torch(file.tensors.at(size + name)); };
        const auto output = run(*network, at("image"), Precision::fp32);
        EXPECT_LT(relative_error(output.pre_norm, at("x_pre_norm")), 1e-5) << size;
        EXPECT_LT(relative_error(output.norm, at("x_norm")), 1e-5) << size;
    }
}

TEST(DinoV2Inference, EqualsTheModules) {
    const torch::NoGradGuard no_grad;
    for (const int registers : {0, 4}) {
        const auto network = random_network(registers);
        // One token block that is not full; several, the last with one token less than the others.
        for (const auto& [rows, columns] : {std::pair{1, 2}, {14, 29}}) {
            const auto image = torch::rand({1, 3, 14 * rows, 14 * columns});
            const auto expected = network->forward(image);
            const auto actual = run(*network, image, Precision::fp32);
            EXPECT_LT(relative_error(actual.pre_norm, expected.pre_norm), 1e-5);
            EXPECT_LT(relative_error(actual.norm, expected.norm), 1e-5);
        }
    }
}

TEST(DinoV2Inference, Bf16IsNearFp32) {
    if (!kernels::has_bf16()) {
        GTEST_SKIP() << "this processor has no AVX512-BF16";
    }
    const torch::NoGradGuard no_grad;
    const auto network = random_network();
    const auto image = torch::rand({1, 3, 14 * 14, 14 * 29});
    const auto expected = network->forward(image).norm;
    const double error = relative_error(run(*network, image, Precision::bf16).norm, expected);
    EXPECT_LT(error, 2e-2);
    EXPECT_GT(error, 1e-4) << "it is rounded";
}

TEST(DinoV2Inference, TheSameBitsForAnyNumberOfThreads) {
    const torch::NoGradGuard no_grad;
    const auto network = random_network();
    const auto tokens = torch::randn({1, 300, 96});
    const DinoV2Inference inference(*network, 300, Precision::fp32);
    std::vector<torch::Tensor> results;
    for (const std::size_t threads : {1, 2, 5}) {
        base::ThreadPool pool(threads);
        const base::PoolScope scope(pool);
        results.push_back(inference.run(tokens));
    }
    EXPECT_TRUE(torch::equal(results[0], results[1]));
    EXPECT_TRUE(torch::equal(results[0], results[2]));
}

TEST(DinoV2Inference, WhatItCannotRunIsNamed) {
    const auto gated = random_network(0, true);
    EXPECT_NE(test::error_of([&] { DinoV2Inference(*gated, 5, Precision::fp32); }).find("SwiGLU"),
              std::string::npos);
    const auto network = random_network();
    const DinoV2Inference inference(*network, 5, Precision::fp32);
    EXPECT_NE(test::error_of([&] {
                  inference.run(torch::zeros({1, 6, 96}));
              }).find("5 tokens"),
              std::string::npos);
}

/// The cache knows its features by the teacher's name: precisions do not mix.
TEST(DinoV2Inference, PrecisionIsPartOfTheTeachersName) {
    const test::TemporaryFolder folder;
    const auto file = folder / "random.safetensors";
    formats::write_safetensors(file, state_of(*random_network()));
    const auto open = [&](Precision precision) {
        return open_dinov2(file, 28, 56, true, 3, torch::kCPU, precision);
    };
    EXPECT_EQ(open(Precision::fp32)->name(), "dinov2_96x3 28x56 pre-norm");
    if (kernels::has_bf16()) {
        EXPECT_EQ(open(Precision::bf16)->name(), "dinov2_96x3 28x56 pre-norm bf16");
    } else {
        EXPECT_NE(test::error_of([&] { open(Precision::bf16); }).find("AVX512-BF16"),
                  std::string::npos);
    }
}

}  // namespace
}  // namespace distillar::models
