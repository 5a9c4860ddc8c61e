#pragma once
#include <functional>

#include "evaluation/confusion.hpp"
#include "evaluation/entropy.hpp"
#include "training/labelling.hpp"
#include "training/predictor.hpp"

namespace distillar::training {

struct Evaluation {
    evaluation::ConfusionMatrix confusion;
    evaluation::PredictionEntropy entropy;
    std::size_t frames = 0;
};

/// Segments every labelled frame and counts all its original points in one confusion matrix.
/// @param each  called after each frame, with its classes and truth (for pictures); may be empty.
/// @throws base::Error if the model's classes are not the labelling's.
using EachFrame = std::function<void(const datasets::Frame&, const std::vector<std::uint8_t>& truth,
                                     const Prediction&)>;
Evaluation evaluate(Predictor& predictor, const datasets::Dataset& dataset,
                    const Labelling& labelling, const EachFrame& each = {});

/// The same network judged by classes of the same set. @throws base::Error naming both sets.
void require_same_classes(const Predictor& predictor, const Labelling& labelling);

}  // namespace distillar::training
