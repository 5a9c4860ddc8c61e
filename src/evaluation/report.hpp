#pragma once
#include <string>
#include <vector>

#include "datasets/frame.hpp"
#include "evaluation/frame_score.hpp"
#include "evaluation/html.hpp"
#include "evaluation/legend.hpp"
#include "evaluation/metrics.hpp"
#include "formats/model_file.hpp"

namespace distillar::evaluation {

/// Where a model comes from, as its file says.
Facts model_facts(const formats::ModelDescription& model);

/// "61.3" for 0.613; "-" for NaN.
std::string percent_text(double fraction);

/// What an evaluation's page shows beside pictures.
struct EvaluationResult {
    Facts facts;  ///< what was evaluated, on what
    const Metrics& metrics;
    const ConfusionMatrix& confusion;
    ClassStyle style;
    std::vector<FrameScore> scores;
};

/// Figures, IoU per class, confusion matrix, mIoU of every frame: HTML for html_page().
std::string evaluation_html(const EvaluationResult& result);

/// One frame from above and in the camera that sees most of its points: truth, prediction, errors.
/// @param truth, prediction  N classes 0..C-1 or 255.
/// @throws base::Error if the camera's image cannot be read.
std::string frame_html(const std::string& heading, const datasets::Frame& frame,
                       const std::vector<std::uint8_t>& truth,
                       const std::vector<std::uint8_t>& prediction, const ClassStyle& style);

}  // namespace distillar::evaluation
