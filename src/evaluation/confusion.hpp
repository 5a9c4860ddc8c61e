#pragma once
/// evaluation: confusion matrix, metrics, figures. Takes predictions, never runs a model.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace distillar::evaluation {

/// Counts of (truth, prediction) over any number of scans. Counts are integers, so parts may be
/// counted by several threads and merged in any order.
class ConfusionMatrix {
public:
    /// @param classes  C, 1 to 255.
    explicit ConfusionMatrix(std::size_t classes);

    /// Counts one scan.
    /// @param truth       N classes 0..C-1; points with 255 are not counted.
    /// @param prediction  N classes 0..C-1; 255 (no answer) counts as a miss.
    /// @throws base::Error if the lengths differ or a class is neither below C nor 255; then
    ///         nothing is counted.
    void add(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> prediction);

    /// Adds another matrix of the same classes. @throws base::Error if their number differs.
    void merge(const ConfusionMatrix& other);

    std::size_t classes() const { return classes_; }
    /// Points of class `truth` that were predicted as `prediction`.
    std::int64_t at(std::size_t truth, std::size_t prediction) const;
    /// Points of class `truth` without an answer.
    std::int64_t missed(std::size_t truth) const { return at(truth, classes_); }
    /// Points whose truth is the class, unanswered ones included.
    std::int64_t truth_points(std::size_t class_index) const;
    /// Points that were predicted as the class.
    std::int64_t predicted_points(std::size_t class_index) const;
    /// Points with a truth.
    std::int64_t points() const;

private:
    std::size_t classes_;
    std::vector<std::int64_t> counts_;  ///< C rows (truth) x C + 1 columns; the last: no answer
};

}  // namespace distillar::evaluation
