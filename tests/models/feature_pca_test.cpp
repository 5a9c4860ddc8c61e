#include "models/feature_pca.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::models {
namespace {

/// Rows with three orthogonal directions of standard deviations 4, 2, 0.1 about a far mean.
torch::Tensor rows(std::int64_t count) {
    torch::manual_seed(3);
    const auto directions = std::get<0>(at::linalg_qr(torch::randn({6, 6}))).slice(1, 0, 3);
    const auto scale = torch::tensor({4.0F, 2.0F, 0.1F});
    return torch::matmul(torch::randn({count, 3}) * scale, directions.t()) + 50;
}

TEST(FeaturePca, EqualsTheSingularVectorsOfTheCentredRows) {
    const auto x = rows(400);
    PcaFit fit(6);
    fit.add(x.slice(0, 0, 120).view({10, 12, 6}));
    fit.add(x.slice(0, 120));
    const auto pca = fit.solve(3);
    const auto centred = x.to(torch::kFloat64) - x.to(torch::kFloat64).mean(0);
    const auto [u, values, vectors] = at::linalg_svd(centred, false);
    for (std::int64_t k = 0; k < 3; ++k) {
        const double along = torch::dot(pca.basis.select(1, k), vectors[k]).item<double>();
        EXPECT_NEAR(std::abs(along), 1, 1e-7);
        const auto& column = pca.basis.select(1, k);
        EXPECT_GT(column[column.abs().argmax()].item<double>(), 0);
    }
    const auto squares = values * values;
    EXPECT_LT((pca.explained - (squares / squares.sum()).slice(0, 0, 3)).abs().max().item<double>(),
              1e-7);
    EXPECT_LT((pca.mean - x.to(torch::kFloat64).mean(0)).abs().max().item<double>(), 1e-9);
    const auto back = torch::matmul(pca.reduce(x), pca.basis.t().to(torch::kFloat32)) +
                      pca.mean.to(torch::kFloat32);
    EXPECT_LT((back - x).abs().max().item<double>(), 1e-3) << "three components hold it all";
}

TEST(FeaturePca, RefusesWhatCannotBeReduced) {
    PcaFit constant(4);
    constant.add(torch::full({9, 4}, 2.0));
    EXPECT_NE(test::error_of([&] { constant.solve(2); }).find("do not vary"), std::string::npos);
    EXPECT_NE(test::error_of([&] { PcaFit(4).solve(2); }).find("do not vary"), std::string::npos);
    PcaFit fit(6);
    fit.add(rows(20));
    EXPECT_NE(test::error_of([&] { fit.solve(7); }).find("7 of 6"), std::string::npos);
}

TEST(FeaturePca, TheFirstToPublishWins) {
    const test::TemporaryFolder folder;
    PcaFit fit(6);
    fit.add(rows(50));
    const auto first = fit.solve(2);
    fit.add(rows(9) * 3);
    publish_pca(folder / "pca.safetensors", first);
    publish_pca(folder / "pca.safetensors", fit.solve(2));
    const auto kept = read_pca(folder / "pca.safetensors", 6, 2);
    EXPECT_TRUE(torch::equal(kept.basis, first.basis));
    EXPECT_TRUE(torch::equal(kept.mean, first.mean));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()),
                            std::filesystem::directory_iterator()),
              1);
    const auto error = test::error_of([&] { read_pca(folder / "pca.safetensors", 6, 3); });
    EXPECT_NE(error.find("`basis` of shape [6, 3]"), std::string::npos) << error;
}

}  // namespace
}  // namespace distillar::models
