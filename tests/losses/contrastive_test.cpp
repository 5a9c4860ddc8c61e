#include "losses/contrastive.hpp"

#include <gtest/gtest.h>
#include <torch/nn/functional/loss.h>

#include <fstream>

#include "support/data.hpp"

namespace distillar::losses {
namespace {

using models::PointViews;

struct Result {
    torch::Tensor loss, to_points, to_pixels;
};

/// The same by the whole matrix: the twin.
torch::Tensor contrastive_plain(const torch::Tensor& points, const torch::Tensor& pixels,
                                const ContrastiveConfig& config) {
    namespace F = torch::nn::functional;
    const auto unit = [](const torch::Tensor& rows) { return rows / rows.norm(2, 1, true); };
    const torch::Tensor scores = torch::mm(unit(points), unit(pixels).t()) / config.temperature;
    const torch::Tensor own = torch::arange(points.size(0), torch::kInt64);
    const torch::Tensor forth = F::cross_entropy(scores, own);
    return config.symmetric ? 0.5 * (forth + F::cross_entropy(scores.t(), own)) : forth;
}

template <typename Loss>
Result result_of(const Loss& loss, const torch::Tensor& points, const torch::Tensor& pixels) {
    const auto a = points.clone().requires_grad_(), b = pixels.clone().requires_grad_();
    const torch::Tensor value = loss(a, b);
    (value * 3).backward();
    return {value.detach(), a.grad(), b.grad()};
}

double apart(const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

TEST(Contrastive, BlocksAreThePlainFormGradientsIncluded) {
    torch::manual_seed(1);
    const auto points = torch::randn({37, 12}) * 4, pixels = torch::randn({37, 12});
    for (const bool symmetric : {false, true}) {
        for (const std::int64_t block : {1, 10, 37, 64}) {
            for (const double temperature : {0.07, 1.0}) {
                const ContrastiveConfig config{temperature, symmetric, block};
                const Result blocks = result_of(
                    [&](const auto& a, const auto& b) { return contrastive(a, b, config); }, points,
                    pixels);
                const Result plain = result_of(
                    [&](const auto& a, const auto& b) { return contrastive_plain(a, b, config); },
                    points, pixels);
                EXPECT_LT(apart(blocks.loss, plain.loss), 2e-6 * plain.loss.item<double>());
                EXPECT_LT(apart(blocks.to_points, plain.to_points), 2e-6) << block;
                EXPECT_LT(apart(blocks.to_pixels, plain.to_pixels), 2e-6) << block;
            }
        }
    }
}

TEST(Contrastive, ByHand) {
    const auto points = torch::tensor({{2.0F, 0.0F}, {0.0F, 5.0F}});
    const auto pixels = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}});
    const double expected = std::log(1 + std::exp(-1 / 0.5));  // cos 1 against cos 0
    EXPECT_NEAR(contrastive(points, pixels, {0.5, false, 8}).item<double>(), expected, 1e-6);
    EXPECT_NEAR(contrastive(points, pixels.flip(0), {0.5, false, 8}).item<double>(),
                std::log(1 + std::exp(1 / 0.5)), 1e-6);
}

TEST(Contrastive, DirectionsDiffer) {
    torch::manual_seed(2);
    const auto points = torch::randn({9, 4}), pixels = torch::randn({9, 4});
    const double forth = contrastive(points, pixels, {0.2, false, 4}).item<double>();
    const double back = contrastive(pixels, points, {0.2, false, 4}).item<double>();
    EXPECT_GT(std::abs(forth - back), 1e-3);
    EXPECT_NEAR(contrastive(points, pixels, {0.2, true, 4}).item<double>(), 0.5 * (forth + back),
                1e-5);
}

TEST(Contrastive, NoPairIsZeroWithAGraph) {
    auto none = torch::zeros({0, 4}).requires_grad_();
    const auto loss = contrastive(none, torch::zeros({0, 4}), {});
    EXPECT_EQ(loss.item<double>(), 0);
    loss.backward();
}

TEST(Contrastive, ErrorsNameTheShapes) {
    const auto error = test::error_of([] {
        contrastive(torch::zeros({3, 4}), torch::zeros({3, 5}), {});
    });
    EXPECT_NE(error.find("[3, 4] and [3, 5]"), std::string::npos) << error;
    const ContrastiveConfig frozen{0, false, 8};
    EXPECT_NE(test::error_of([&] {
                  contrastive(torch::zeros({3, 4}), torch::zeros({3, 4}), frozen);
              }).find("temperature 0"),
              std::string::npos);
}

/// The most memory that this process ever held, MiB; 0 where Linux does not say.
double peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == "VmHWM:") {
            double kib = 0;
            status >> kib;
            return kib / 1024;
        }
    }
    return 0;
}

TEST(Contrastive, SixteenThousandPairsFitInOneGigabyte) {
    const double before = peak_memory();
    if (before == 0) {
        GTEST_SKIP() << "/proc/self/status does not tell the peak of memory here";
    }
    torch::manual_seed(3);
    const auto pixels = torch::randn({16384, 128});
    auto points = torch::randn({16384, 128}).requires_grad_();
    contrastive(points, pixels, {0.07, false, 1024}).backward();
    EXPECT_GT(points.grad().abs().sum().item<double>(), 0);
    EXPECT_LT(peak_memory() - before, 1024) << "the matrix alone would be 1,024 MiB";
}

/// Points 0, 2 and 3 have one, three and two views.
PointViews some_views(const torch::Tensor& features) {
    return {torch::tensor({0, 2, 2, 2, 3, 3}, torch::kInt64), features};
}

TEST(MultiView, EachTurnHasItsOwnNegatives) {
    torch::manual_seed(4);
    const auto points = torch::randn({4, 8}), features = torch::randn({6, 8});
    const ContrastiveConfig config{0.1, false, 2};
    const auto of = [&](std::vector<std::int64_t> point, std::vector<std::int64_t> view) {
        const auto rows = [](const auto& list) { return torch::tensor(list, torch::kInt64); };
        return contrastive(points.index_select(0, rows(point)),
                           features.index_select(0, rows(view)), config)
            .template item<double>();
    };
    const double expected =
        (3 * of({0, 2, 3}, {0, 1, 4}) + 2 * of({2, 3}, {2, 5}) + of({2}, {3})) / 6;
    EXPECT_NEAR(multi_view_contrastive(points, some_views(features), config).item<double>(),
                expected, 1e-6);
}

TEST(MultiView, ConsistencyByPairs) {
    torch::manual_seed(5);
    auto features = torch::randn({6, 8}).requires_grad_();
    const auto loss = view_consistency(some_views(features));
    const auto cosine = [&](int a, int b) {
        return torch::cosine_similarity(features[a], features[b], 0).item<double>();
    };
    const double expected =
        (2 * (3 - cosine(1, 2) - cosine(1, 3) - cosine(2, 3)) + 2 * (1 - cosine(4, 5))) / 8;
    EXPECT_NEAR(loss.item<double>(), expected, 1e-6);
    loss.backward();
    EXPECT_EQ(features.grad()[0].abs().sum().item<double>(), 0) << "a point of one view";
    EXPECT_GT(features.grad()[1].abs().sum().item<double>(), 0);
    const PointViews single{torch::tensor({1, 5}, torch::kInt64), torch::randn({2, 8})};
    EXPECT_EQ(view_consistency(single).item<double>(), 0);
    const PointViews none{torch::zeros({0}, torch::kInt64), torch::zeros({0, 8})};
    EXPECT_EQ(view_consistency(none).item<double>(), 0);
    EXPECT_EQ(multi_view_contrastive(torch::zeros({3, 8}), none, {}).item<double>(), 0);
}

}  // namespace
}  // namespace distillar::losses
