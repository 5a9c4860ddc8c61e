#pragma once
#include <map>
#include <string>

#include "base/random.hpp"
#include "losses/contrastive.hpp"
#include "models/cross_modal.hpp"

namespace distillar::training {

/// Weights of xModel-KD's loss [ours, methods.md 3]:
///     seg(fused, y) + seg(student, y)
///       + contrastive (L_con + consistency L_mv)     projected tokens against projected views
///       + logits T^2 KL(fused || student) + features (1 - cos(P f, u))     into the student alone
/// Labels count where there are some; the other terms use every point.
struct CrossModalLossConfig {
    double contrastive = 0.1;
    double consistency = 1;
    double logits = 1;
    double logit_temperature = 2;
    double features = 1;
    std::int64_t pairs = 4096;  ///< at most, a step
    bool every_view = true;     ///< false: one view of a point, drawn at random
    losses::ContrastiveConfig nce;
};

/// At most `config.pairs` views, drawn at random; of each point every one or one.
models::PointViews draw_pairs(const models::PointViews& views, const CrossModalLossConfig& config,
                              base::Random& random);

struct CrossModalStep {
    models::CrossModal::Output output;
    torch::Tensor loss;
    std::map<std::string, double> parts;  ///< the terms by name, before their weights
};

/// @param labels  N, 255: none. @param lovasz  weight in seg = CE + lovasz Lovasz.
CrossModalStep cross_modal_step(models::CrossModal& model, const models::TorchBatch& batch,
                                const models::PointViews& views, const torch::Tensor& labels,
                                const CrossModalLossConfig& config, double lovasz,
                                base::Random& random);

}  // namespace distillar::training
