#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace distillar::evaluation {

/// Mean entropy of a model's predictions, in nats: for choosing a model without target labels
/// (SALUDA's validators). 0 = always certain, log(C) = no idea.
class PredictionEntropy {
public:
    /// Adds softmax(row) of every point; the same bits for any number of threads.
    /// @param logits   N x C, row-major.
    /// @param classes  C, at least 1.
    /// @throws base::Error if the length is no multiple of C or a logit is not finite; then nothing
    ///         is added.
    void add(std::span<const float> logits, std::size_t classes);
    void merge(const PredictionEntropy& other);

    std::int64_t points() const { return points_; }
    /// NaN without points.
    double mean() const;

private:
    double sum_ = 0;
    std::int64_t points_ = 0;
};

}  // namespace distillar::evaluation
