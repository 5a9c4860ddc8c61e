#pragma once
#include <functional>

#include "datasets/labelling.hpp"
#include "evaluation/confusion.hpp"
#include "evaluation/entropy.hpp"
#include "evaluation/frame_score.hpp"
#include "inference/frame_predictor.hpp"

namespace distillar::inference {

struct Evaluation {
    evaluation::ConfusionMatrix confusion;
    evaluation::PredictionEntropy entropy;
    std::vector<evaluation::FrameScore> frames;  ///< the labelled ones, in order
    std::size_t skipped = 0;                     ///< labelled ones with a damaged file
};

/// What counts.
struct EvaluationRules {
    bool seen_only = false;  ///< only points that one of their frame's cameras sees
    bool skip_bad = false;   ///< frames with a damaged file are left out, not errors
};

/// Segments every labelled frame and counts all its original points in one confusion matrix.
/// @param predictor  of the labelling's classes: require_same_classes().
/// @param each       called after each frame, with its classes and truth (for pictures); may be
///                   empty.
using EachFrame = std::function<void(const datasets::Frame&, const std::vector<std::uint8_t>& truth,
                                     const Prediction&)>;
Evaluation evaluate(FramePredictor& predictor, const datasets::Dataset& dataset,
                    const datasets::Labelling& labelling, const EachFrame& each = {},
                    EvaluationRules rules = {});

/// A model is judged by classes of its own set. @throws base::Error naming both sets.
void require_same_classes(const formats::ModelDescription& model,
                          const datasets::Labelling& labelling);

}  // namespace distillar::inference
