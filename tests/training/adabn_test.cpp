#include "training/adabn.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "models/described.hpp"
#include "models/layers.hpp"
#include "models/state.hpp"
#include "training/samples.hpp"

namespace distillar::training {
namespace {

formats::ModelDescription description(const std::string& norm) {
    formats::ModelDescription model;
    model.backbone = {"waffleiron", 8, 2, norm, "relu"};
    model.head = {"bn_linear", 3, 0};
    model.input.features = {"x", "y", "z", "radius"};
    model.input.neighbors = 4;
    return model;
}

models::TorchBatch made_batch(std::uint64_t seed, int points) {
    base::Random random(seed, 0, 0);
    geometry::Scan scan;
    scan.points.resize(points, 3);
    const auto spread = 3 + static_cast<double>(seed);
    for (Eigen::Index i = 0; i < scan.points.rows(); ++i) {
        for (Eigen::Index axis = 0; axis < 3; ++axis) {
            scan.points(i, axis) = static_cast<float>(random.uniform(-spread, 5));
        }
    }
    const auto input = description("layernorm").input;
    return batch_of({geometry::preprocess(scan, input, nullptr, nullptr)}, input, torch::kCPU);
}

struct Moments {
    torch::Tensor mean, variance;  ///< float64; unbiased
};

Moments moments_of(const torch::Tensor& rows) {
    const auto wide = rows.to(torch::kFloat64);
    return {wide.mean(0), wide.var(0, true)};
}

/// The batch norms' inputs of one batch, step by step as methods.md 2.1 has them: embed.norm,
/// embed.conv2.0, embed.conv2.2, the first spatial mix, the head.
std::vector<Moments> moments_by_hand(models::Network& network, const models::TorchBatch& batch) {
    const torch::NoGradGuard no_grad;
    network.train();
    const auto normed = [](const torch::Tensor& rows) {
        return (rows - rows.mean(0)) / torch::sqrt(rows.var(0, false) + models::norm_epsilon);
    };
    const auto features = batch.features.to(torch::kFloat64);
    const auto x = normed(features);
    const auto neighbors = batch.neighbors;
    const auto difference =
        (x.index_select(0, neighbors.flatten()).view({x.size(0), -1, x.size(1)}) - x.unsqueeze(1))
            .flatten(0, 1);
    const auto first = models::to_torch(models::state_of(network).at("embed.conv2.1.weight"))
                           .flatten(1)
                           .to(torch::kFloat64);
    const auto hidden = torch::mm(normed(difference), first.t());
    return {moments_of(features), moments_of(difference), moments_of(hidden),
            moments_of(network.backbone().embed(batch)),
            moments_of(network.backbone().forward(batch))};
}

void expect_close(const torch::Tensor& actual, const torch::Tensor& expected,
                  const std::string& name) {
    EXPECT_TRUE(torch::allclose(actual.to(torch::kFloat64), expected, 1e-4, 1e-5)) << name;
}

TEST(BatchStatistics, AreTheMeanOverTheBatchesByHand) {
    const std::vector<std::string> names{"embed.norm", "embed.conv2.0", "embed.conv2.2",
                                         "waffleiron.spatial_mix.0.norm", "classif.0"};
    torch::manual_seed(1);
    const auto network = models::build_network(description("batchnorm"));
    const auto start = models::state_of(*network);
    const std::vector<models::TorchBatch> batches{made_batch(1, 150), made_batch(2, 90),
                                                  made_batch(3, 200)};
    const auto norms = estimate_statistics(*network, batches.size(),
                                           [&](std::size_t i) { network->forward(batches[i]); });
    EXPECT_EQ(norms, 3 + 2 * 2 + 1);

    const auto twin = models::build_network(description("batchnorm"));
    models::load_state(*twin, start, "start");
    std::vector<Moments> sums(names.size());
    for (const auto& batch : batches) {
        const auto moments = moments_by_hand(*twin, batch);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const bool empty = !sums[i].mean.defined();
            sums[i].mean = empty ? moments[i].mean : sums[i].mean + moments[i].mean;
            sums[i].variance = empty ? moments[i].variance : sums[i].variance + moments[i].variance;
        }
    }
    const auto end = models::state_of(*network);
    for (std::size_t i = 0; i < names.size(); ++i) {
        expect_close(models::to_torch(end.at(names[i] + ".running_mean")), sums[i].mean / 3,
                     names[i] + ".running_mean");
        expect_close(models::to_torch(end.at(names[i] + ".running_var")), sums[i].variance / 3,
                     names[i] + ".running_var");
    }
    for (const auto& [name, tensor] : start) {
        const bool statistic =
            name.find("running_") != std::string::npos || name.ends_with("num_batches_tracked");
        EXPECT_EQ(std::ranges::equal(tensor.bytes, end.at(name).bytes), !statistic) << name;
    }
}

TEST(BatchStatistics, DoNotDependOnWhereTheyStartedAndPassEmptyBatchesOver) {
    const auto estimated = [](bool with_empty, int before) {
        torch::manual_seed(1);
        const auto network = models::build_network(description("layernorm"));
        for (int i = 0; i < before; ++i) {  // other statistics to start from
            network->train();
            network->forward(made_batch(7, 50));
        }
        const std::vector<models::TorchBatch> batches{made_batch(1, 60), made_batch(2, 70)};
        const std::size_t extra = with_empty ? 1 : 0;
        estimate_statistics(*network, batches.size() + extra, [&](std::size_t i) {
            network->forward(i < extra ? made_batch(1, 0) : batches[i - extra]);
        });
        EXPECT_FALSE(network->is_training());
        return models::state_of(*network);
    };
    const auto expected = estimated(false, 0);
    for (const auto& other : {estimated(true, 0), estimated(false, 2)}) {
        for (const auto& [name, tensor] : expected) {
            EXPECT_TRUE(std::ranges::equal(tensor.bytes, other.at(name).bytes)) << name;
        }
    }
}

}  // namespace
}  // namespace distillar::training
