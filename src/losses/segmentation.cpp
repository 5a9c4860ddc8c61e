#include "losses/segmentation.hpp"

#include <sstream>
#include <utility>

#include "base/error.hpp"
#include "losses/lovasz.hpp"

namespace distillar::losses {

namespace {

struct Labelled {
    torch::Tensor logits;  ///< float32, rows with a label
    torch::Tensor labels;
};

/// The rows that have a label. @throws base::Error on a label that is no class.
Labelled labelled_rows(const torch::Tensor& logits, const torch::Tensor& labels) {
    if (logits.dim() != 2 || labels.dim() != 1 || logits.size(0) != labels.size(0)) {
        std::ostringstream shapes;
        shapes << logits.sizes() << " and " << labels.sizes();
        base::fail("segmentation loss: logits and labels have shapes {}: give N x C and N",
                   shapes.str());
    }
    const auto rows = (labels != ignore_label).nonzero().flatten();
    Labelled kept{logits.index_select(0, rows).to(torch::kFloat32), labels.index_select(0, rows)};
    if (rows.size(0) > 0) {
        const auto lowest = kept.labels.min().item<std::int64_t>();
        const auto highest = kept.labels.max().item<std::int64_t>();
        if (lowest < 0 || highest >= logits.size(1)) {
            base::fail(
                "segmentation loss: label {} is no class of the {} the head has: check the "
                "taxonomy",
                lowest < 0 ? lowest : highest, logits.size(1));
        }
    }
    return kept;
}

torch::Tensor cross_entropy_of(const Labelled& points) {
    if (points.labels.size(0) == 0) {
        return points.logits.sum();
    }
    return torch::cross_entropy_loss(points.logits, points.labels);
}

torch::Tensor lovasz_of(const Labelled& points) {
    if (points.labels.size(0) == 0) {
        return points.logits.sum();
    }
    const auto probabilities = torch::softmax(points.logits, 1);
    return probabilities.is_cpu() ? lovasz_on_cpu(probabilities, points.labels)
                                  : lovasz_by_operations(probabilities, points.labels);
}

}  // namespace

torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels) {
    return cross_entropy_of(labelled_rows(logits, labels));
}

torch::Tensor lovasz_softmax(const torch::Tensor& logits, const torch::Tensor& labels) {
    return lovasz_of(labelled_rows(logits, labels));
}

torch::Tensor segmentation(const torch::Tensor& logits, const torch::Tensor& labels,
                           double lovasz_weight) {
    const Labelled points = labelled_rows(logits, labels);
    const auto loss = cross_entropy_of(points);
    return lovasz_weight == 0 ? loss : loss + lovasz_weight * lovasz_of(points);
}

}  // namespace distillar::losses
