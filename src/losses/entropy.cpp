#include "losses/entropy.hpp"

namespace distillar::losses {

torch::Tensor prediction_entropy(const torch::Tensor& logits) {
    if (logits.size(0) == 0) {
        return logits.sum();
    }
    const torch::Tensor log_probabilities = torch::log_softmax(logits.to(torch::kFloat32), 1);
    return -(log_probabilities.exp() * log_probabilities).sum(1).mean();
}

}  // namespace distillar::losses
