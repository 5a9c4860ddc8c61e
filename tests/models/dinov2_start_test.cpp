#include "models/dinov2_start.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace distillar::models {
namespace {

TEST(DinoV2Start, PositionsAreSinesAndCosinesOfRowAndColumn) {
    const auto positions = sine_positions(3, 5, 8);
    ASSERT_EQ(positions.sizes(), (std::vector<std::int64_t>{15, 8}));
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 5; ++column) {
            const auto at = [&](int channel) {
                return positions[row * 5 + column][channel].item<double>();
            };
            for (int k = 0; k < 2; ++k) {
                const double frequency = std::pow(10000.0, -k / 2.0);
                EXPECT_NEAR(at(k), std::sin(row * frequency), 1e-6);
                EXPECT_NEAR(at(2 + k), std::cos(row * frequency), 1e-6);
                EXPECT_NEAR(at(4 + k), std::sin(column * frequency), 1e-6);
                EXPECT_NEAR(at(6 + k), std::cos(column * frequency), 1e-6);
            }
        }
    }
}

TEST(DinoV2Start, MatricesAreXavierUniformAndSeedsDecide) {
    DinoV2Config config;
    config.dim = 32;
    config.depth = 1;
    config.heads = 2;
    config.positions = 4;
    const auto start = [&](std::uint64_t seed) {
        torch::manual_seed(seed);
        return start_dinov2(config);
    };
    const auto network = start(1);
    const auto parameters = network->named_parameters();
    const auto most = [&](const char* name) { return parameters[name].abs().max().item<double>(); };
    const double patch_bound = std::sqrt(6.0 / (3 * 14 * 14 + 32));
    EXPECT_LE(most("patch_embed.proj.weight"), patch_bound);
    EXPECT_GT(most("patch_embed.proj.weight"), 0.95 * patch_bound);
    EXPECT_LE(most("blocks.0.mlp.fc1.weight"), std::sqrt(6.0 / (32 + 128)));
    EXPECT_EQ(most("blocks.0.attn.qkv.bias"), 0);
    EXPECT_EQ(parameters["blocks.0.ls1.gamma"].min().item<double>(), 1);
    EXPECT_TRUE(torch::equal(parameters["pos_embed"][0].slice(0, 1), sine_positions(4, 4, 32)));
    const auto image = torch::rand({1, 3, 28, 42});
    EXPECT_TRUE(torch::equal(start(1)->forward(image).norm, network->forward(image).norm));
    EXPECT_FALSE(torch::equal(start(2)->forward(image).norm, network->forward(image).norm));
}

}  // namespace
}  // namespace distillar::models
