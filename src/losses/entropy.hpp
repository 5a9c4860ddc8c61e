#pragma once
#include "models/torch.hpp"

namespace distillar::losses {

/// Mean entropy of softmax(logits) over all rows, in nats; 0 (with a graph) if there is none.
/// N x C. Minimised on the target it makes a model sure of itself (TTYD).
torch::Tensor prediction_entropy(const torch::Tensor& logits);

}  // namespace distillar::losses
