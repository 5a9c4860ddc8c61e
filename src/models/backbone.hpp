#pragma once
#include <string>

#include "models/torch.hpp"
#include "models/torch_batch.hpp"

namespace distillar::models {

/// Anything that turns a batch into tokens: points x channels.
class Backbone : public torch::nn::Module {
public:
    /// @return N x channels() float32. In training mode drop path draws from `set_step`'s address.
    virtual torch::Tensor forward(const TorchBatch& batch) = 0;
    virtual std::int64_t channels() const = 0;
    /// Addresses the random numbers of the next forward passes (drop path) by (seed, step).
    virtual void set_step(std::uint64_t seed, std::uint64_t step) = 0;
};

}  // namespace distillar::models
