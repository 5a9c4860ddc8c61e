#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evaluation/confusion.hpp"

namespace distillar::evaluation {

struct ClassMetrics {
    std::string name;
    double iou = 0;           ///< 0..1; NaN if the truth has no such point
    std::int64_t points = 0;  ///< points whose truth is the class
};

/// Figures of one whole-set confusion matrix, as fractions 0..1; NaN where nothing can be averaged.
struct Metrics {
    double miou = 0;          ///< mean IoU over the classes that the truth has
    double miou_common = 0;   ///< over those with at least common_points points
    double miou_nanmean = 0;  ///< published form: an absent class that was predicted counts 0
    double accuracy = 0;      ///< right points of all points with a truth
    std::int64_t points = 0;  ///< points with a truth
    std::vector<ClassMetrics> classes;
    std::vector<std::string> left_out_of_common;  ///< names, in order, absent classes included
};

/// The fewest true points with which a class counts in `miou_common`.
inline constexpr std::int64_t common_points = 1000;

/// IoU of class c = right points of c / (true points of c + points predicted as c - right ones).
/// @throws base::Error if there is not one name per class.
Metrics metrics_from(const ConfusionMatrix& matrix, const std::vector<std::string>& names);

/// {"miou", "miou_common", "miou_nanmean", "accuracy", "points", "classes": [{"name", "iou",
/// "points"}], "confusion"}: fractions 0..1, null for NaN; confusion is C x C, rows truth, columns
/// prediction (what a row lacks to its class's points had no answer).
std::string metrics_json(const Metrics& metrics, const ConfusionMatrix& matrix);

/// For the terminal, in percent: a row per class, then the means and what they leave out.
std::string metrics_table(const Metrics& metrics);

}  // namespace distillar::evaluation
