#pragma once
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/torch_batch.hpp"
#include "training/optimiser.hpp"
#include "training/run_folder.hpp"

namespace distillar::training {

/// What a step was made of, by name; tensors that are not defined are left out.
using MadeOf = std::function<std::map<std::string, torch::Tensor>()>;

/// The tensors of a batch.
std::map<std::string, torch::Tensor> tensors_of(const models::TorchBatch& batch);

/// Steps down the loss, as long as its numbers are finite. A step whose loss or gradient is not is
/// left out: parameters stay, buffers (batch-norm statistics) that it spoiled are put back, and it
/// is counted.
class Descent {
public:
    static constexpr int usual_patience = 10;

    /// @param patience  steps left out in a row after which the run fails.
    Descent(torch::nn::Module& module, AdamW& optimiser, const RunFolder& folder,
            int patience = usual_patience);

    /// One step with learning rate x factor. @return the loss.
    /// @throws base::Error after too many in a row; what the last was made of then lies in
    ///         bad-step.safetensors of the run's folder, and its newest checkpoint stands.
    double step(const torch::Tensor& loss, double factor, const MadeOf& made_of);

    std::int64_t left_out() const { return left_out_; }

private:
    void leave_out(double loss, double gradient, const MadeOf& made_of);

    AdamW& optimiser_;
    const RunFolder& folder_;
    int patience_;
    int in_a_row_ = 0;
    std::int64_t left_out_ = 0;
    std::vector<std::pair<torch::Tensor, torch::Tensor>>
        buffers_;  ///< each with its last good copy
};

}  // namespace distillar::training
