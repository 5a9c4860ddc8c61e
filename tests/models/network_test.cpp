#include "models/network.hpp"

#include <gtest/gtest.h>
#include <torch/nn/functional/loss.h>
#include <torch/optim/adamw.h>

#include "kernels/random_values.hpp"
#include "models/compare.hpp"
#include "models/mix_layers.hpp"
#include "models/random_batch.hpp"
#include "models/reference_network.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

using test::error_of;
using test::holds;
using test::random_batch;

WaffleIronConfig small(Norm norm = Norm::layer, double drop_path = 0) {
    return {5, 16, 4, norm, Activation::relu, drop_path};
}
const HeadConfig small_head{HeadKind::bn_mlp, 16, 4, 12};

TEST(Network, KeysAndShapesReadBack) {
    for (const HeadKind kind :
         {HeadKind::linear, HeadKind::mlp, HeadKind::bn_linear, HeadKind::bn_mlp}) {
        for (const Norm norm : {Norm::layer, Norm::batch}) {
            const Network network(small(norm), {kind, 16, 4, 12});
            const formats::Tensors state = state_of(network);
            const NetworkShape shape = shape_of(state, "memory");
            EXPECT_EQ(shape.backbone.channels, 16);
            EXPECT_EQ(shape.backbone.depth, 4);
            EXPECT_EQ(shape.backbone.input_channels, 5);
            EXPECT_EQ(shape.backbone.norm, norm);
            EXPECT_EQ(shape.head.kind, kind);
            EXPECT_EQ(shape.head.outputs, 4);
            Network again(shape.backbone, shape.head);
            load_state(again, state, "memory");
        }
    }
}

TEST(Network, PublishedNamesAndShapes) {
    const formats::Tensors state = state_of(Network(small(Norm::batch), small_head));
    const auto shape = [&](const char* name) { return state.at(name).shape; };
    using Shape = std::vector<std::int64_t>;
    EXPECT_EQ(shape("embed.conv1.weight"), (Shape{16, 5, 1}));
    EXPECT_EQ(shape("embed.conv2.1.weight"), (Shape{16, 5, 1, 1}));
    EXPECT_EQ(shape("embed.conv2.4.weight"), (Shape{16, 16, 1, 1}));
    EXPECT_EQ(shape("embed.final.weight"), (Shape{16, 32, 1}));
    EXPECT_EQ(shape("waffleiron.channel_mix.3.mlp.2.weight"), (Shape{16, 16, 1}));
    EXPECT_EQ(shape("waffleiron.spatial_mix.3.ffn.2.weight"), (Shape{16, 1, 3, 3}));
    EXPECT_EQ(shape("waffleiron.spatial_mix.0.scale.weight"), (Shape{16, 1, 1}));
    EXPECT_EQ(shape("waffleiron.spatial_mix.0.norm.running_var"), (Shape{16}));
    EXPECT_FALSE(state.contains("embed.conv2.1.bias"));
}

TEST(Network, ShapeErrorsNameTheKey) {
    formats::Tensors state = state_of(Network(small(), small_head));
    EXPECT_TRUE(holds(error_of([] { shape_of({}, "f.pth"); }), "embed.conv1.weight"));
    state.erase("classif.3.weight");
    state.erase("classif.1.weight");
    EXPECT_TRUE(holds(error_of([&] { shape_of(state, "f.pth"); }), "classif.1.weight"));
    state["embed.conv1.weight"].shape = {16};
    EXPECT_TRUE(holds(error_of([&] { shape_of(state, "f.pth"); }), "embed.conv1.weight"));
    EXPECT_TRUE(holds(error_of([] { Network(small(), {HeadKind::linear, 17, 4, 0}); }), "17"));
}

TEST(Network, TrainReachesEveryPart) {
    Network network(small(), small_head);
    const auto modes = [&] {
        int training = 0;
        for (const auto& module : network.modules(false)) {
            training += module->is_training() ? 1 : 0;
        }
        return training;
    };
    network.eval();
    EXPECT_EQ(modes(), 0);
    network.train();
    network.backbone().eval();
    EXPECT_TRUE(network.head().is_training());
    const torch::Tensor before =
        network.named_buffers()["embed.norm.running_mean"].detach().clone();
    network.forward(random_batch({50}));
    EXPECT_TRUE(torch::equal(before, network.named_buffers()["embed.norm.running_mean"]));
}

TEST(Network, EmptyBatchesGiveEmptyTensors) {
    for (const bool training : {true, false}) {
        Network network(small(), small_head);
        network.train(training);
        for (const std::vector<int>& lengths : {std::vector<int>{}, {0}, {0, 0}}) {
            const torch::Tensor logits = network.forward(random_batch(lengths));
            EXPECT_EQ(logits.sizes(), (std::vector<std::int64_t>{0, 4}));
        }
    }
}

TEST(Network, RaggedBatchEqualsItsScans) {
    for (const Norm norm : {Norm::layer, Norm::batch}) {
        torch::manual_seed(1);
        WaffleIron backbone(small(norm));
        backbone.eval();
        const torch::NoGradGuard no_grad;
        const torch::Tensor tokens = backbone.forward(random_batch({60, 0, 1, 9, 40}));
        // Scan 4 alone: the same draws, addressed by its number.
        const TorchBatch alone = random_batch({0, 0, 0, 0, 40});
        EXPECT_TRUE(torch::allclose(tokens.narrow(0, 70, 40), backbone.forward(alone), 1e-4, 1e-4));
        EXPECT_TRUE(torch::isfinite(tokens).all().item<bool>());
    }
}

TEST(Network, TinyScansTrain) {
    for (const std::vector<int>& lengths : {std::vector<int>{1}, {2, 0, 1}}) {
        torch::manual_seed(1);
        Network network(small(), small_head);
        network.forward(random_batch(lengths)).square().sum().backward();
        for (const auto& item : network.named_parameters()) {
            EXPECT_TRUE(torch::isfinite(item.value().grad()).all().item<bool>()) << item.key();
        }
        for (const auto& item : network.named_buffers()) {
            EXPECT_TRUE(torch::isfinite(item.value()).all().item<bool>()) << item.key();
        }
    }
}

/// A training step is the same bits for any number of threads.
TEST(Network, SameBitsForAnyThreads) {
    std::vector<std::vector<torch::Tensor>> gradients;
    for (const std::size_t threads : {1, 2, 5}) {
        const test::Threads scope(threads);
        at::set_num_threads(static_cast<int>(threads));
        torch::manual_seed(1);
        WaffleIron backbone({5, 32, 4, Norm::batch, Activation::gelu, 0.2});
        backbone.set_step(1, 2);
        const TorchBatch batch = random_batch({700, 800});
        const torch::Tensor tokens = backbone.forward(batch);
        tokens.backward(torch::ones_like(tokens));
        gradients.emplace_back(std::vector<torch::Tensor>{tokens.detach()});
        for (const auto& parameter : backbone.parameters()) {
            gradients.back().push_back(parameter.grad());
        }
    }
    for (std::size_t run = 1; run < gradients.size(); ++run) {
        for (std::size_t i = 0; i < gradients[0].size(); ++i) {
            ASSERT_EQ(gradients[0][i].defined(), gradients[run][i].defined());
            if (gradients[0][i].defined()) {
                EXPECT_TRUE(torch::equal(gradients[0][i], gradients[run][i])) << i;
            }
        }
    }
}

TEST(DropPath, AddressedByStepAndLayer) {
    const auto factors = [](std::uint64_t step, std::uint64_t branch) {
        return drop_path_factors(0.3, {5, step}, branch, 400);
    };
    EXPECT_EQ(factors(1, 0), factors(1, 0));
    EXPECT_NE(factors(1, 0), factors(2, 0));
    EXPECT_NE(factors(1, 0), factors(1, 1));
    int dropped = 0;
    for (const float factor : factors(1, 0)) {
        EXPECT_TRUE(factor == 0 || factor == static_cast<float>(1 / 0.7));
        dropped += factor == 0 ? 1 : 0;
    }
    EXPECT_NEAR(dropped, 120, 40);
}

TEST(DropPath, InTrainingOnlyAndByStep) {
    torch::manual_seed(1);
    WaffleIron backbone(small(Norm::layer, 0.5)), plain(small());
    load_state(plain, state_of(backbone), "memory");
    const TorchBatch batch = random_batch({100, 100});
    const torch::NoGradGuard no_grad;
    const auto at_step = [&](std::uint64_t step) {
        backbone.set_step(9, step);
        return backbone.forward(batch);
    };
    backbone.train();
    EXPECT_TRUE(torch::equal(at_step(1), at_step(1)));
    EXPECT_FALSE(torch::equal(at_step(1), at_step(2)));
    backbone.eval();
    plain.eval();
    load_state(plain, state_of(backbone), "memory");
    EXPECT_TRUE(torch::equal(at_step(1), plain.forward(batch)));
    EXPECT_TRUE(holds(error_of([] { WaffleIron(small(Norm::layer, 1.0)); }), "drop_path"));
}

TEST(Network, WrongBatchesAreNamed) {
    WaffleIron backbone(small());
    EXPECT_TRUE(
        holds(error_of([&] { backbone.forward(random_batch({20}, 4)); }), "4 input features"));
    TorchBatch batch = random_batch({20});
    batch.planes.clear();
    EXPECT_TRUE(holds(error_of([&] { backbone.forward(batch); }), "plane"));
    batch = random_batch({20});
    batch.planes = random_batch({21}).planes;
    EXPECT_TRUE(holds(error_of([&] { backbone.forward(batch); }), "21"));
    batch = random_batch({20});
    batch.neighbors = torch::zeros({20, 0}, torch::kInt64);
    EXPECT_TRUE(holds(error_of([&] { backbone.forward(batch); }), "neighbour"));
    EXPECT_TRUE(holds(error_of([] { norm_from("ln"); }), "layernorm"));
    EXPECT_TRUE(holds(error_of([] { activation_from("silu"); }), "gelu"));
}

/// Cross-entropy + Lovasz-softmax as methods.md 1 states it, point by point.
torch::Tensor supervised_loss(const torch::Tensor& all_logits, const torch::Tensor& all_labels) {
    const torch::Tensor kept = torch::nonzero(all_labels != 255).view(-1);
    const torch::Tensor logits = all_logits.index_select(0, kept);
    const torch::Tensor labels = all_labels.index_select(0, kept);
    const torch::Tensor probabilities = torch::softmax(logits, 1);
    std::vector<torch::Tensor> losses;
    for (std::int64_t c = 0; c < logits.size(1); ++c) {
        const torch::Tensor truth = (labels == c).to(torch::kFloat32);
        if (truth.sum().item<float>() == 0) {
            continue;
        }
        const torch::Tensor errors = (truth - probabilities.select(1, c)).abs();
        const torch::Tensor order = torch::argsort(errors.detach(), 0, true);
        const torch::Tensor sorted = truth.index_select(0, order);
        const torch::Tensor total = sorted.sum();
        torch::Tensor jaccard = 1 - (total - sorted.cumsum(0)) / (total + (1 - sorted).cumsum(0));
        jaccard =
            torch::cat({jaccard.slice(0, 0, 1), jaccard.slice(0, 1) - jaccard.slice(0, 0, -1)});
        losses.push_back(torch::dot(errors.index_select(0, order), jaccard));
    }
    return torch::nn::functional::cross_entropy(logits, labels) + torch::stack(losses).mean();
}

TEST(Network, FourTrainingStepsMatchPublishedCode) {
    DISTILLAR_REFERENCE_OR_SKIP(folder);
    test::ReferenceNetwork reference(folder, "downstream");
    reference.network->train();
    torch::optim::AdamW optimiser(reference.network->parameters(),
                                  torch::optim::AdamWOptions(1e-3).weight_decay(0.003));
    const torch::Tensor expected = reference.tensor("steps.loss");
    for (std::int64_t step = 0; step < expected.size(0); ++step) {
        optimiser.zero_grad();
        const torch::Tensor loss =
            supervised_loss(reference.network->forward(reference.batch), reference.batch.labels);
        EXPECT_NEAR(loss.item<double>(), expected[step].item<double>(), 1e-4) << step;
        loss.backward();
        optimiser.step();
    }
}

}  // namespace
}  // namespace distillar::models
