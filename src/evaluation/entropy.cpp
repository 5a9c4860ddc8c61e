#include "evaluation/entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/thread_pool.hpp"

namespace distillar::evaluation {

namespace {

/// H(softmax(l)) = log Z - sum_c p_c l_c with l shifted so that its largest is 0.
double entropy_of(std::span<const float> logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    double z = 0;
    double weighted = 0;
    for (const float logit : logits) {
        const double shifted = static_cast<double>(logit) - largest;
        const double e = std::exp(shifted);
        z += e;
        weighted += e * shifted;
    }
    return std::log(z) - weighted / z;
}

}  // namespace

void PredictionEntropy::add(std::span<const float> logits, std::size_t classes) {
    if (classes == 0 || logits.size() % classes != 0) {
        base::fail("{} logits are not a whole number of points of {} classes", logits.size(),
                   classes);
    }
    const auto broken =
        std::find_if(logits.begin(), logits.end(), [](float v) { return !std::isfinite(v); });
    if (broken != logits.end()) {
        const auto at = static_cast<std::size_t>(broken - logits.begin());
        base::fail("the logit of point {}, class {} is not finite; check the model's weights",
                   at / classes, at % classes);
    }
    constexpr std::size_t chunk = 4096;
    const std::size_t points = logits.size() / classes;
    std::vector<double> sums((points + chunk - 1) / chunk);
    base::parallel_for(points, chunk, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            sums[begin / chunk] += entropy_of(logits.subspan(i * classes, classes));
        }
    });
    for (const double sum : sums) {
        sum_ += sum;
    }
    points_ += static_cast<std::int64_t>(points);
}

void PredictionEntropy::merge(const PredictionEntropy& other) {
    sum_ += other.sum_;
    points_ += other.points_;
}

double PredictionEntropy::mean() const {
    return points_ == 0 ? std::numeric_limits<double>::quiet_NaN()
                        : sum_ / static_cast<double>(points_);
}

}  // namespace distillar::evaluation
