#pragma once
#include "datasets/frame.hpp"
#include "models/point_views.hpp"
#include "models/teacher.hpp"
#include "models/torch.hpp"

namespace distillar::inference {

/// What an image network says of the points of a sample.
struct SeenFeatures {
    std::vector<std::int64_t> rows;  ///< P: row of the sample, view after view
    torch::Tensor features;          ///< P x D, CPU
};

/// A camera, and the points of the frame that it sees.
struct Seen {
    const datasets::CameraView* view;
    std::vector<geometry::PointPixel> pixels;
};

Seen look_through(const datasets::CameraView& view, const geometry::Points& points);
/// Of every view; the views must live as long as what is returned.
std::vector<Seen> look_through(const std::vector<datasets::CameraView>& views,
                               const geometry::Points& points);

/// The teacher's features at the pixels that the sample's points hit, in every view.
/// @throws base::Error naming an image that is not of the size its camera is calibrated for.
SeenFeatures seen_features(const std::vector<Seen>& seen, const geometry::Sample& sample,
                           std::size_t points, models::Teacher& teacher);

/// A preprocessed scan and what its cameras saw of it.
struct SeenSample {
    geometry::Sample sample;
    SeenFeatures seen;
};

/// The views of a batch of these samples, points ascending.
models::PointViews point_views(const std::vector<SeenSample>& samples);

}  // namespace distillar::inference
