#pragma once
#include "models/point_views.hpp"
#include "training/config.hpp"
#include "training/labelling.hpp"
#include "training/plan.hpp"
#include "training/seen_features.hpp"

namespace distillar::training {

/// An augmented, labelled scan and what its cameras saw of it.
struct CrossModalSample {
    geometry::Sample sample;
    SeenFeatures seen;
};

/// @param labelled  false: every label is 255.
CrossModalSample cross_modal_sample(const datasets::Mixture& mixture, const Draw& draw,
                                    const Labelling& labelling, bool labelled,
                                    const FuseRunConfig& config, models::Teacher& teacher);

/// The views of a batch of these samples, points ascending.
models::PointViews point_views(const std::vector<CrossModalSample>& samples);

/// Which of a sample's views stay: each is left out by chance `camera_dropout`, all of them by
/// `image_dropout`.
std::vector<datasets::CameraView> draw_views(std::vector<datasets::CameraView> views,
                                             const FuseConfig& config, base::Random& random);

}  // namespace distillar::training
