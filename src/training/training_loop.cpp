#include "training/training_loop.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
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

NamedTensors tensors_of(const models::TorchBatch& batch) {
    return {{"features", batch.features}, {"neighbors", batch.neighbors}, {"labels", batch.labels}};
}

TrainingLoop::TrainingLoop(LoopConfig config, Schedule schedule, RunFolder& folder,
                           torch::nn::Module& module, AdamW& optimiser)
    : config_(std::move(config)),
      schedule_(std::move(schedule)),
      folder_(folder),
      module_(module),
      optimiser_(optimiser) {
    if (const auto checkpoint = folder_.resume()) {
        const std::string source = (folder_.folder() / "checkpoints").string();
        models::load_state(module_, checkpoint->model, source);
        optimiser_.load_state(checkpoint->optimiser, source);
        step_ = checkpoint->step;
    }
}

TrainingLoop::TrainingLoop(const RunConfig& config, const Schedule& schedule, RunFolder& folder,
                           torch::nn::Module& module, AdamW& optimiser)
    : TrainingLoop({base::name_of(config.stage()), config.log_every, config.checkpoint_every,
                    config.bad_steps},
                   schedule, folder, module, optimiser) {}

void TrainingLoop::start() {
    buffers_.clear();
    for (const auto& buffer : module_.buffers()) {
        buffers_.emplace_back(buffer, buffer.detach().clone());
    }
    progress_.emplace(config_.label, static_cast<std::uint64_t>(steps()),
                      static_cast<std::uint64_t>(step_));
}

double TrainingLoop::descend(const torch::Tensor& loss, const NamedTensors& made_of) {
    optimiser_.zero_gradients();
    loss.backward();
    const auto value = loss.item<double>();
    const double gradient = gradient_length(optimiser_);
    if (!std::isfinite(value) || !std::isfinite(gradient)) {
        leave_out(value, gradient, made_of);
        return value;
    }
    optimiser_.step(schedule_.factor(step_));
    left_out_in_a_row_ = 0;
    const torch::NoGradGuard no_grad;
    for (auto& [buffer, copy] : buffers_) {
        copy.copy_(buffer);
    }
    return value;
}

void TrainingLoop::leave_out(double loss, double gradient, const NamedTensors& made_of) {
    {
        const torch::NoGradGuard no_grad;
        for (auto& [buffer, copy] : buffers_) {
            if (buffer.is_floating_point() && !buffer.isfinite().all().item<bool>()) {
                buffer.copy_(copy);
            }
        }
    }
    ++left_out_;
    ++left_out_in_a_row_;
    spdlog::warn("a step is left out: its loss is {}, its gradient's length {} ({} so far)", loss,
                 gradient, left_out_);
    if (left_out_in_a_row_ < config_.bad_steps) {
        return;
    }
    formats::Tensors tensors;
    for (const auto& [name, tensor] : made_of) {
        if (tensor.defined()) {
            tensors[name] = models::from_torch(tensor.detach().to(torch::kCPU).contiguous());
        }
    }
    const auto file = folder_.folder() / "bad-step.safetensors";
    formats::write_safetensors(file, tensors);
    base::fail(
        "{} steps in a row had a loss or gradient that is not finite; what the last was made of is "
        "in {}; lower optimiser.learning_rate, and go on from the newest checkpoint",
        left_out_in_a_row_, file.string());
}

bool TrainingLoop::logs() const {
    return (step_ + 1) % config_.log_every == 0 || last();
}

void TrainingLoop::log(const std::map<std::string, double>& metrics) {
    metrics_.insert(metrics.begin(), metrics.end());
}

void TrainingLoop::end_step(std::optional<double> loss, const std::string& note) {
    const std::int64_t done = step_ + 1;
    const std::string shown = loss ? fmt::format("loss {:.4f}", *loss) : "";
    progress_->advance(1, shown + (shown.empty() || note.empty() ? "" : ", ") + note);
    if (logs()) {
        log({{"learning_rate", optimiser_.learning_rate() * schedule_.factor(step_)}});
        folder_.log_metrics(done, metrics_);
    }
    metrics_.clear();
    const bool stop = base::stop_requested() && !last();
    if ((done % config_.checkpoint_every == 0 || stop) && !last()) {
        folder_.save({done, models::state_of(module_), optimiser_.state()});
    }
    if (stop) {
        throw base::Stopped(fmt::format("stopped after step {} of {}", done, steps()));
    }
    if (last()) {
        progress_.reset();
    }
    step_ = done;
}

}  // namespace distillar::training
