#pragma once
#include <map>
#include <string>

#include "base/random.hpp"
#include "models/cross_modal.hpp"
#include "training/samples.hpp"

namespace distillar::training {

/// An augmented, labelled scan and what its cameras saw of it.
/// @param labelled  false: every label is 255.
inference::SeenSample cross_modal_sample(const datasets::Mixture& mixture, const Draw& draw,
                                         const datasets::Labelling& labelling, bool labelled,
                                         const FuseRunConfig& config, models::Teacher& teacher);

/// Which of a sample's views stay: each is left out by chance `camera_dropout`, all of them by
/// `image_dropout`.
std::vector<datasets::CameraView> draw_views(std::vector<datasets::CameraView> views,
                                             const FuseConfig& config, base::Random& random);

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
