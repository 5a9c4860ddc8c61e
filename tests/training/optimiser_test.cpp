#include "training/optimiser.hpp"

#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>

#include <cmath>
#include <cstring>

#include "base/thread_pool.hpp"
#include "support/data.hpp"

namespace distillar::training {
namespace {

struct TwoLayers : torch::nn::Module {
    torch::nn::Linear first{3, 40};
    torch::nn::Linear second{40, 2};
    TwoLayers() {
        register_module("first", first);
        register_module("second", second);
    }
    torch::Tensor loss(const torch::Tensor& input) {
        return second->forward(torch::relu(first->forward(input))).square().mean();
    }
};

AdamWConfig test_config() {
    AdamWConfig config;
    config.learning_rate = 0.01;
    config.weight_decay = 0.05;
    return config;
}

/// Takes `steps` steps on inputs that depend on the step alone.
void train(TwoLayers& module, AdamW& optimiser, int first, int steps) {
    for (int step = first; step < first + steps; ++step) {
        torch::manual_seed(step);
        optimiser.zero_gradients();
        module.loss(torch::randn({16, 3})).backward();
        optimiser.step(1.0 / (1 + step));
    }
}

void copy_parameters(const TwoLayers& from, TwoLayers& to) {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < from.parameters().size(); ++i) {
        to.parameters()[i].copy_(from.parameters()[i]);
    }
}

TEST(AdamW, StepsLikeTorchs) {
    torch::manual_seed(1);
    TwoLayers ours;
    TwoLayers theirs;
    copy_parameters(ours, theirs);
    AdamW optimiser(trained_parameters(ours), test_config());
    torch::optim::AdamW torchs(theirs.parameters(),
                               torch::optim::AdamWOptions(0.01).weight_decay(0.05));
    for (int step = 0; step < 20; ++step) {
        torch::manual_seed(step);
        const auto input = torch::randn({16, 3});
        optimiser.zero_gradients();
        ours.loss(input).backward();
        optimiser.step(1);
        torchs.zero_grad();
        theirs.loss(input).backward();
        torchs.step();
    }
    for (std::size_t i = 0; i < ours.parameters().size(); ++i) {
        EXPECT_LT((ours.parameters()[i] - theirs.parameters()[i]).abs().max().item<double>(), 2e-6);
    }
}

TEST(AdamW, FusedStepEqualsTheOneByOperations) {
    torch::manual_seed(2);
    AdamWUpdate fused;
    fused.value = torch::randn({50000});
    fused.gradient = torch::randn({50000});
    fused.exp_avg = torch::randn({50000});
    fused.exp_avg_sq = torch::rand({50000});
    fused.keep = 0.99;
    fused.step_size = 0.02;
    fused.root_correction = 0.4;
    AdamWUpdate plain = fused;
    plain.value = fused.value.clone();
    plain.exp_avg = fused.exp_avg.clone();
    plain.exp_avg_sq = fused.exp_avg_sq.clone();
    adamw_on_cpu({fused});
    adamw_by_operations(plain);
    EXPECT_TRUE(torch::allclose(fused.value, plain.value, 1e-5, 1e-6));
    EXPECT_TRUE(torch::allclose(fused.exp_avg, plain.exp_avg, 1e-5, 1e-6));
    EXPECT_TRUE(torch::allclose(fused.exp_avg_sq, plain.exp_avg_sq, 1e-5, 1e-6));
}

TEST(AdamW, ContinuesBitForBitFromItsState) {
    torch::manual_seed(3);
    TwoLayers whole;
    TwoLayers interrupted;
    copy_parameters(whole, interrupted);
    AdamW optimiser(trained_parameters(whole), test_config());
    train(whole, optimiser, 0, 12);

    AdamW before(trained_parameters(interrupted), test_config());
    train(interrupted, before, 0, 5);
    TwoLayers resumed;
    copy_parameters(interrupted, resumed);
    AdamW after(trained_parameters(resumed), test_config());
    after.load_state(before.state(), "test");
    train(resumed, after, 5, 7);
    for (std::size_t i = 0; i < whole.parameters().size(); ++i) {
        EXPECT_TRUE(torch::equal(whole.parameters()[i], resumed.parameters()[i])) << i;
    }
}

TEST(AdamW, SameBitsForAnyNumberOfThreads) {
    std::vector<torch::Tensor> results;
    const auto before = base::thread_count();
    for (const std::size_t threads : {1, 2, 5}) {
        base::set_thread_count(threads);
        torch::manual_seed(4);
        AdamWUpdate update;
        update.value = torch::randn({100001});
        update.gradient = torch::randn({100001});
        update.exp_avg = torch::zeros({100001});
        update.exp_avg_sq = torch::zeros({100001});
        update.step_size = 0.1;
        adamw_on_cpu({update});
        results.push_back(update.value);
    }
    base::set_thread_count(before);
    EXPECT_TRUE(torch::equal(results[0], results[1]));
    EXPECT_TRUE(torch::equal(results[0], results[2]));
}

TEST(AdamW, ParametersWithoutGradientAreLeftAlone) {
    TwoLayers module;
    const auto untouched = module.second->weight.detach().clone();
    AdamW optimiser(trained_parameters(module), test_config());
    module.first->forward(torch::ones({2, 3})).sum().backward();
    optimiser.step(1);
    EXPECT_TRUE(torch::equal(module.second->weight, untouched));
    const auto state = optimiser.state();
    EXPECT_EQ(formats::to_integers(state.at("first.weight.step"), "step")[0], 1);
    EXPECT_EQ(formats::to_integers(state.at("second.weight.step"), "step")[0], 0);
}

TEST(AdamW, FrozenParametersAreNotTrained) {
    TwoLayers module;
    for (auto& parameter : module.first->parameters()) {
        parameter.set_requires_grad(false);
    }
    const auto parameters = trained_parameters(module);
    ASSERT_EQ(parameters.size(), 2U);
    EXPECT_EQ(parameters[0].name, "second.weight");
}

TEST(AdamW, StateOfAnotherNetworkIsRefusedAndChangesNothing) {
    TwoLayers module;
    AdamW optimiser(trained_parameters(module), test_config());
    train(module, optimiser, 0, 2);
    const auto good = optimiser.state();

    auto missing = good;
    missing.erase("second.bias.exp_avg_sq");
    EXPECT_NE(test::error_of([&] {
                  optimiser.load_state(missing, "f");
              }).find("lacks second.bias.exp_avg_sq"),
              std::string::npos);
    auto extra = good;
    extra["third.step"] = extra.at("first.bias.step");
    EXPECT_NE(test::error_of([&] { optimiser.load_state(extra, "f"); }).find("13 entries"),
              std::string::npos);
    auto shaped = good;
    shaped["first.weight.exp_avg"] = good.at("second.weight.exp_avg");
    EXPECT_NE(test::error_of([&] { optimiser.load_state(shaped, "f"); }).find("first.weight"),
              std::string::npos);
    auto negative = good;
    const std::vector<std::int64_t> minus{-1};
    negative["first.bias.step"] = formats::make_tensor(std::span(minus), {1});
    EXPECT_NE(test::error_of([&] { optimiser.load_state(negative, "f"); }).find("step count"),
              std::string::npos);

    const auto after = optimiser.state();
    for (const auto& [name, tensor] : good) {
        const auto& other = after.at(name);
        ASSERT_EQ(tensor.bytes.size(), other.bytes.size());
        EXPECT_EQ(std::memcmp(tensor.bytes.data(), other.bytes.data(), tensor.bytes.size()), 0);
    }
}

TEST(AdamW, ImpossibleSettingsAreNamed) {
    AdamWConfig config;
    config.beta1 = 1;
    EXPECT_NE(test::error_of([&] { AdamW({}, config); }).find("beta1"), std::string::npos);
    config = {};
    config.learning_rate = std::nan("");
    EXPECT_NE(test::error_of([&] { AdamW({}, config); }).find("learning_rate"), std::string::npos);
}

TEST(LayerDecay, CountsFromTheHeadDown) {
    const std::vector<std::string> names{
        "embed.conv1.weight", "waffleiron.channel_mix.0.mlp.0.weight",
        "waffleiron.spatial_mix.47.scale.weight", "classif.0.weight"};
    const auto scales = layer_scales(names, 0.99);
    EXPECT_DOUBLE_EQ(scales[0], std::pow(0.99, 49));
    EXPECT_DOUBLE_EQ(scales[1], std::pow(0.99, 48));
    EXPECT_DOUBLE_EQ(scales[2], 0.99);
    EXPECT_DOUBLE_EQ(scales[3], 1);
}

TEST(LayerDecay, OfOneTakesAnyNames) {
    EXPECT_EQ(layer_scales({"anything"}, 1), std::vector<double>{1});
    EXPECT_NE(test::error_of([] { layer_scales({"anything"}, 0.9); }).find("anything"),
              std::string::npos);
    EXPECT_NE(test::error_of([] { layer_scales({}, 1.1); }).find("1.1"), std::string::npos);
}

}  // namespace
}  // namespace distillar::training
