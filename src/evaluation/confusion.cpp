#include "evaluation/confusion.hpp"

#include <cassert>

#include "base/error.hpp"

namespace distillar::evaluation {

namespace {

constexpr std::uint8_t no_class = 255;

void check_classes(std::span<const std::uint8_t> labels, std::size_t classes, const char* what) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] >= classes && labels[i] != no_class) {
            base::fail(
                "{} of point {} is class {}, but there are {} classes (0 to {}, or 255 for none); "
                "check that labels and model share one taxonomy",
                what, i, labels[i], classes, classes - 1);
        }
    }
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::size_t classes) : classes_(classes) {
    if (classes == 0 || classes > no_class) {
        base::fail("a confusion matrix of {} classes; there must be 1 to 255", classes);
    }
    counts_.resize(classes * (classes + 1));
}

void ConfusionMatrix::add(std::span<const std::uint8_t> truth,
                          std::span<const std::uint8_t> prediction) {
    if (truth.size() != prediction.size()) {
        base::fail("{} true labels but {} predicted ones; both must have one per point",
                   truth.size(), prediction.size());
    }
    check_classes(truth, classes_, "the true label");
    check_classes(prediction, classes_, "the prediction");
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] != no_class) {
            const std::size_t column = prediction[i] == no_class ? classes_ : prediction[i];
            ++counts_[truth[i] * (classes_ + 1) + column];
        }
    }
}

void ConfusionMatrix::merge(const ConfusionMatrix& other) {
    if (other.classes_ != classes_) {
        base::fail("confusion matrices of {} and {} classes cannot be merged; use one taxonomy",
                   classes_, other.classes_);
    }
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        counts_[i] += other.counts_[i];
    }
}

std::int64_t ConfusionMatrix::at(std::size_t truth, std::size_t prediction) const {
    assert(truth < classes_ && prediction <= classes_);
    return counts_[truth * (classes_ + 1) + prediction];
}

std::int64_t ConfusionMatrix::truth_points(std::size_t class_index) const {
    std::int64_t sum = 0;
    for (std::size_t prediction = 0; prediction <= classes_; ++prediction) {
        sum += at(class_index, prediction);
    }
    return sum;
}

std::int64_t ConfusionMatrix::predicted_points(std::size_t class_index) const {
    std::int64_t sum = 0;
    for (std::size_t truth = 0; truth < classes_; ++truth) {
        sum += at(truth, class_index);
    }
    return sum;
}

std::int64_t ConfusionMatrix::points() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : counts_) {
        sum += count;
    }
    return sum;
}

}  // namespace distillar::evaluation
