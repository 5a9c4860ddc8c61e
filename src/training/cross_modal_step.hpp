#pragma once
#include <map>
#include <string>

#include "base/random.hpp"
#include "models/cross_modal.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// At most `config.pairs` views, drawn at random; of each point every one or one.
models::PointViews draw_pairs(const models::PointViews& views, const CrossModalLossConfig& config,
                              base::Random& random);

struct CrossModalStep {
    models::Fused::Output output;
    torch::Tensor loss;
    std::map<std::string, double> parts;  ///< the terms by name, before their weights
};

/// @param labels  N, 255: none. @param lovasz  weight in seg = CE + lovasz Lovasz.
CrossModalStep cross_modal_step(models::CrossModal& model, const models::TorchBatch& batch,
                                const models::PointViews& views, const torch::Tensor& labels,
                                const CrossModalLossConfig& config, double lovasz,
                                base::Random& random);

}  // namespace distillar::training
