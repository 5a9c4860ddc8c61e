#include "models/head.hpp"

#include <gtest/gtest.h>

#include "models/state.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

std::vector<std::string> names_of(const torch::nn::Module& module) {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : state_of(module)) {
        names.push_back(name);
    }
    return names;
}

using Names = std::vector<std::string>;

TEST(Head, CarriesPublishedNamesAndShapes) {
    EXPECT_EQ(names_of(Head({HeadKind::linear, 6, 4, 0})), (Names{"bias", "weight"}));
    EXPECT_EQ(names_of(Head({HeadKind::mlp, 6, 4, 8})),
              (Names{"0.bias", "0.weight", "2.bias", "2.weight"}));
    const Names norm{"0.bias", "0.num_batches_tracked", "0.running_mean", "0.running_var",
                     "0.weight"};
    Names expected = norm;
    expected.insert(expected.end(), {"1.bias", "1.weight"});
    EXPECT_EQ(names_of(Head({HeadKind::bn_linear, 6, 4, 0})), expected);
    expected.insert(expected.end(), {"3.bias", "3.weight"});
    const Head head({HeadKind::bn_mlp, 6, 4, 8});
    EXPECT_EQ(names_of(head), expected);
    const formats::Tensors state = state_of(head);
    EXPECT_EQ(state.at("1.weight").shape, (std::vector<std::int64_t>{8, 6, 1}));
    EXPECT_EQ(state.at("3.weight").shape, (std::vector<std::int64_t>{4, 8, 1}));
}

TEST(Head, StartsAtZeroWhereSaid) {
    const torch::Tensor tokens = torch::randn({50, 6});
    for (const HeadKind kind : {HeadKind::bn_linear, HeadKind::bn_mlp}) {
        Head head({kind, 6, 4, 8});
        EXPECT_EQ(head.forward(tokens).abs().max().item<float>(), 0.0F) << name_of(kind);
    }
    for (const HeadKind kind : {HeadKind::linear, HeadKind::mlp}) {
        Head head({kind, 6, 4, 8});
        EXPECT_GT(head.forward(tokens).abs().max().item<float>(), 0.0F) << name_of(kind);
    }
}

TEST(Head, SeedDecidesTheInit) {
    const auto weights = [](std::uint64_t seed) {
        torch::manual_seed(seed);
        return Head({HeadKind::mlp, 6, 4, 8}).named_parameters()["2.weight"].detach();
    };
    EXPECT_TRUE(torch::equal(weights(1), weights(1)));
    EXPECT_FALSE(torch::equal(weights(1), weights(2)));
    EXPECT_LE(weights(1).abs().max().item<double>(), 1 / std::sqrt(8.0));
}

TEST(Head, RunningStatisticsMoveInTrainingOnly) {
    Head head({HeadKind::bn_linear, 6, 4, 0});
    const torch::Tensor tokens = torch::randn({50, 6}) + 3;
    const auto mean = [&] { return head.named_buffers()["0.running_mean"].clone(); };
    head.eval();
    head.forward(tokens);
    EXPECT_TRUE(torch::equal(mean(), torch::zeros({6})));
    head.train();
    head.forward(tokens);
    EXPECT_TRUE(torch::allclose(mean(), 0.1 * tokens.mean(0)));
    const torch::Tensor variance = head.named_buffers()["0.running_var"];
    EXPECT_TRUE(torch::allclose(variance, 0.9 + 0.1 * tokens.var(0, true)));
    EXPECT_EQ(head.named_buffers()["0.num_batches_tracked"].item<int>(), 1);
}

TEST(Head, RefusesWhatCannotBe) {
    EXPECT_NE(test::error_of([] {
                  Head head({HeadKind::mlp, 6, 4, 0});
              }).find("mlp"),
              std::string::npos);
    EXPECT_NE(test::error_of([] {
                  Head head({HeadKind::linear, 6, 0, 0});
              }).find("0 outputs"),
              std::string::npos);
    EXPECT_NE(test::error_of([] { head_kind_from("bn-mlp"); }).find("bn_mlp"), std::string::npos);
    Head head({HeadKind::linear, 6, 4, 0});
    EXPECT_NE(test::error_of([&] {
                  head.forward(torch::zeros({3, 5}));
              }).find("6 channels"),
              std::string::npos);
    for (const char* name : {"linear", "mlp", "bn_linear", "bn_mlp"}) {
        EXPECT_STREQ(name_of(head_kind_from(name)), name);
    }
}

}  // namespace
}  // namespace distillar::models
