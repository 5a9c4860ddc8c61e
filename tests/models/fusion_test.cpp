#include "models/fusion.hpp"

#include <gtest/gtest.h>
#include <torch/nn/functional/activation.h>

#include "support/data.hpp"

namespace distillar::models {
namespace {

/// Five points: 0 has one view, 2 three, 3 two; 1 and 4 none.
PointViews some_views(int channels) {
    torch::manual_seed(1);
    return {torch::tensor({0, 2, 2, 2, 3, 3}, torch::kInt64), torch::randn({6, channels})};
}

PointViews no_views(int channels) {
    return {torch::zeros({0}, torch::kInt64), torch::zeros({0, channels})};
}

FusionConfig config(FusionKind kind) {
    return {kind, 16, 12, 20, 4};
}

double apart(const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

TEST(PointViews, TurnsCountsAndMeans) {
    const PointViews views = some_views(3);
    EXPECT_TRUE(turns(views).equal(torch::tensor({0, 0, 1, 2, 0, 1}, torch::kInt64)));
    EXPECT_TRUE(
        view_counts(views, 5).equal(torch::tensor({{1.0F}, {0.0F}, {3.0F}, {2.0F}, {0.0F}})));
    const torch::Tensor mean = mean_views(views, 5);
    EXPECT_LT(apart(mean[2], views.features.slice(0, 1, 4).mean(0)), 1e-6);
    EXPECT_EQ(mean[1].abs().sum().item<double>(), 0);
    EXPECT_EQ(turns(no_views(3)).size(0), 0);
    EXPECT_EQ(mean_views(no_views(3), 2).abs().sum().item<double>(), 0);
}

class EveryFusion : public testing::TestWithParam<FusionKind> {};

TEST_P(EveryFusion, EveryPointGetsAnOutputOfItsOwnViewsAlone) {
    torch::manual_seed(2);
    Fusion fusion(config(GetParam()));
    const torch::Tensor tokens = torch::randn({5, 16});
    PointViews views = some_views(12);
    const torch::Tensor before = fusion.forward(tokens, views);
    EXPECT_EQ(before.sizes(), tokens.sizes());
    views.features = views.features.clone();
    views.features[2] += 1;  // the second view of point 2
    const torch::Tensor after = fusion.forward(tokens, views);
    for (std::int64_t i = 0; i < 5; ++i) {
        EXPECT_EQ(apart(before[i], after[i]) > 1e-5, i == 2) << i;
    }
}

TEST_P(EveryFusion, ABatchIsItsPointsOneByOne) {
    torch::manual_seed(3);
    Fusion fusion(config(GetParam()));
    const torch::Tensor tokens = torch::randn({5, 16});
    const PointViews views = some_views(12);
    const torch::Tensor all = fusion.forward(tokens, views);
    for (std::int64_t i = 0; i < 5; ++i) {
        const torch::Tensor rows = views.point.eq(i).nonzero().squeeze(1);
        const PointViews own{torch::zeros({rows.size(0)}, torch::kInt64),
                             views.features.index_select(0, rows)};
        EXPECT_LT(apart(all[i], fusion.forward(tokens.slice(0, i, i + 1), own)[0]), 2e-6) << i;
    }
}

TEST_P(EveryFusion, TheOrderOfViewsIsNoMatter) {
    torch::manual_seed(4);
    Fusion fusion(config(GetParam()));
    const torch::Tensor tokens = torch::randn({5, 16});
    PointViews views = some_views(12);
    const torch::Tensor before = fusion.forward(tokens, views);
    views.features =
        views.features.index_select(0, torch::tensor({0, 3, 1, 2, 5, 4}, torch::kInt64));
    EXPECT_LT(apart(before, fusion.forward(tokens, views)), 2e-6);
}

TEST_P(EveryFusion, WithoutAnyViewItRunsAndLearns) {
    torch::manual_seed(5);
    Fusion fusion(config(GetParam()));
    auto tokens = torch::randn({5, 16}).requires_grad_();
    const torch::Tensor out = fusion.forward(tokens, no_views(12));
    out.square().sum().backward();
    EXPECT_TRUE(tokens.grad().isfinite().all().item<bool>());
    EXPECT_GT(tokens.grad().abs().sum().item<double>(), 0);
    EXPECT_EQ(fusion.forward(torch::zeros({0, 16}), no_views(12)).size(0), 0);
}

TEST_P(EveryFusion, GradientsReachEveryParameterAndAreFinite) {
    torch::manual_seed(6);
    Fusion fusion(config(GetParam()));
    PointViews views = some_views(12);
    views.features.requires_grad_();
    fusion.forward(torch::randn({5, 16}), views).square().sum().backward();
    for (const auto& item : fusion.named_parameters()) {
        ASSERT_TRUE(item.value().grad().defined()) << item.key();
        EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
        EXPECT_GT(item.value().grad().abs().sum().item<double>(), 0) << item.key();
    }
    EXPECT_TRUE(views.features.grad().isfinite().all().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryFusion,
                         testing::Values(FusionKind::gate, FusionKind::attention),
                         [](const auto& each) { return name_of(each.param); });

TEST(Fusion, GateByItsFormula) {
    torch::manual_seed(7);
    Fusion fusion(config(FusionKind::gate));
    const torch::Tensor tokens = torch::randn({5, 16});
    const PointViews views = some_views(12);
    const auto parameters = fusion.named_parameters();
    const auto linear = [&](const std::string& name, const torch::Tensor& rows) {
        return torch::linear(rows, parameters[name + ".weight"], parameters[name + ".bias"]);
    };
    const auto mlp = [&](const std::string& name, const torch::Tensor& rows) {
        return linear(name + ".2", torch::relu(linear(name + ".0", rows)));
    };
    const torch::Tensor view = linear("image", views.features.slice(0, 4, 6).mean(0, true));
    const torch::Tensor both = torch::cat({tokens.slice(0, 3, 4), view}, 1);
    const torch::Tensor expected =
        tokens.slice(0, 3, 4) +
        torch::sigmoid(mlp("gate", both)) * mlp("mix", torch::cat({both, torch::ones({1, 1})}, 1));
    EXPECT_LT(apart(fusion.forward(tokens, views)[3], expected[0]), 2e-6);
}

TEST(Fusion, WhatCannotBeMadeIsSaid) {
    const auto error = [](FusionConfig bad) {
        return test::error_of([&] { const Fusion fusion(bad); });
    };
    EXPECT_NE(error({FusionKind::attention, 16, 12, 20, 3}).find("3 heads do not divide 16"),
              std::string::npos);
    EXPECT_NE(error({FusionKind::gate, 16, 0, 20, 4}).find("0 image channels"), std::string::npos);
    Fusion fusion(config(FusionKind::gate));
    EXPECT_NE(test::error_of([&] {
                  fusion.forward(torch::zeros({2, 16}), no_views(13));
              }).find("views of 12, got 16 and 13"),
              std::string::npos);
    EXPECT_NE(test::error_of([] { fusion_kind_from("gates"); }).find("gate or attention"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::models
