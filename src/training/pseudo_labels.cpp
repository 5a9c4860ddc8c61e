#include "training/pseudo_labels.hpp"

#include "losses/segmentation.hpp"

namespace distillar::training {

torch::Tensor PseudoLabels::kept() const {
    return labels.ne(losses::ignore_label);
}

PseudoLabels pseudo_labels(const torch::Tensor& probabilities, const torch::Tensor& thresholds) {
    PseudoLabels result;
    std::tie(result.confidence, result.classes) = probabilities.max(1);
    const torch::Tensor enough = result.confidence.gt(thresholds.index_select(0, result.classes));
    result.labels = result.classes.masked_fill(enough.logical_not(), losses::ignore_label);
    return result;
}

torch::Tensor class_thresholds(const torch::Tensor& probabilities, const torch::Tensor& running,
                               const ClassThresholds& config) {
    const torch::Tensor likeliest = probabilities.argmax(1, true);
    const torch::Tensor others =
        torch::arange(running.size(0), likeliest.options()).ne(likeliest);  // N x C
    const torch::Tensor peaks = probabilities.masked_fill(others, 0).amax(0);
    const torch::Tensor discount = 1 - torch::exp(running / -config.discount);
    return (config.share * peaks * discount).clamp_min(config.floor);
}

}  // namespace distillar::training
