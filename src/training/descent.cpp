#include "training/descent.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"

namespace distillar::training {

namespace {

/// Euclidean length of all gradients together.
double gradient_length(const AdamW& optimiser) {
    double squares = 0;
    for (const auto& parameter : optimiser.parameters()) {
        if (parameter.value.grad().defined()) {
            const auto length = parameter.value.grad().norm().item<double>();
            squares += length * length;
        }
    }
    return std::sqrt(squares);
}

}  // namespace

std::map<std::string, torch::Tensor> tensors_of(const models::TorchBatch& batch) {
    return {{"features", batch.features}, {"neighbors", batch.neighbors}, {"labels", batch.labels}};
}

Descent::Descent(torch::nn::Module& module, AdamW& optimiser, const RunFolder& folder, int patience)
    : optimiser_(optimiser), folder_(folder), patience_(patience) {
    for (const auto& buffer : module.buffers()) {
        buffers_.emplace_back(buffer, buffer.detach().clone());
    }
}

double Descent::step(const torch::Tensor& loss, double factor, const MadeOf& made_of) {
    optimiser_.zero_gradients();
    loss.backward();
    const auto value = loss.item<double>();
    const double gradient = gradient_length(optimiser_);
    if (!std::isfinite(value) || !std::isfinite(gradient)) {
        leave_out(value, gradient, made_of);
        return value;
    }
    optimiser_.step(factor);
    in_a_row_ = 0;
    const torch::NoGradGuard no_grad;
    for (auto& [buffer, copy] : buffers_) {
        copy.copy_(buffer);
    }
    return value;
}

void Descent::leave_out(double loss, double gradient, const MadeOf& made_of) {
    {
        const torch::NoGradGuard no_grad;
        for (auto& [buffer, copy] : buffers_) {
            if (buffer.is_floating_point() && !buffer.isfinite().all().item<bool>()) {
                buffer.copy_(copy);
            }
        }
    }
    ++left_out_;
    ++in_a_row_;
    spdlog::warn("a step is left out: its loss is {}, its gradient's length {} ({} so far)", loss,
                 gradient, left_out_);
    if (in_a_row_ < patience_) {
        return;
    }
    formats::Tensors tensors;
    for (const auto& [name, tensor] : made_of()) {
        if (tensor.defined()) {
            tensors[name] = models::from_torch(tensor.detach().to(torch::kCPU).contiguous());
        }
    }
    const auto file = folder_.folder() / "bad-step.safetensors";
    formats::write_safetensors(file, tensors);
    base::fail(
        "{} steps in a row had a loss or gradient that is not finite; what the last was made of is "
        "in {}; lower optimiser.learning_rate, and go on from the newest checkpoint",
        in_a_row_, file.string());
}

}  // namespace distillar::training
