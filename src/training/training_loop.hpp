#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/prefetch.hpp"
#include "base/progress.hpp"
#include "models/torch_batch.hpp"
#include "training/optimiser.hpp"
#include "training/run_folder.hpp"
#include "training/schedule.hpp"

namespace distillar::training {

struct LoopConfig {
    std::string label;  ///< of the progress bar
    std::int64_t log_every = 10;
    std::int64_t checkpoint_every = 200;
    int bad_steps = 10;  ///< left out in a row after which the run fails
};

using NamedTensors = std::map<std::string, torch::Tensor>;

/// The tensors of a batch.
NamedTensors tensors_of(const models::TorchBatch& batch);

/// What the loops of all stages share: a training is resumed, its items are made in advance, steps
/// are taken, shown, logged and saved, and it stops when it is asked to.
///     TrainingLoop loop(config, schedule, folder, network, optimiser);
///     auto batches = loop.prefetch(make_batch);
///     while (const auto batch = batches.next()) {
///         const double loss = loop.descend(loss_of(*batch), tensors_of(*batch));
///         loop.log({{"loss", loss}});
///         loop.end_step(loss);
///     }
class TrainingLoop {
public:
    /// Puts the folder's newest checkpoint, if there is one, into module and optimiser. All must
    /// outlive the loop.
    TrainingLoop(LoopConfig config, Schedule schedule, RunFolder& folder, torch::nn::Module& module,
                 AdamW& optimiser);
    TrainingLoop(const RunConfig& config, const Schedule& schedule, RunFolder& folder,
                 torch::nn::Module& module, AdamW& optimiser);

    /// The step that is next or under way, from 0.
    std::int64_t step() const { return step_; }
    std::int64_t steps() const { return schedule_.steps(); }
    RunFolder& folder() { return folder_; }

    /// The items of the steps to come, made in advance on a thread of their own. From here on the
    /// module is in the loop's care.
    /// @param make  item of a step (an int64); what it uses must outlive what is returned.
    template <typename Make>
    auto prefetch(Make make) {
        start();
        return base::Prefetch<std::invoke_result_t<Make, std::int64_t>>(step_, steps(),
                                                                        std::move(make));
    }

    /// One step down the loss, with the schedule's learning rate, as long as its numbers are
    /// finite. A step whose loss or gradient is not is left out: parameters stay, buffers
    /// (batch-norm statistics) that it spoiled are put back, and it is counted.
    /// @param made_of  what the step was made of; tensors that are not defined do not count.
    /// @return the loss.
    /// @throws base::Error after too many in a row; what the last was made of then lies in
    ///         bad-step.safetensors of the run's folder, and its newest checkpoint stands.
    double descend(const torch::Tensor& loss, const NamedTensors& made_of);

    /// Steps whose loss or gradient was not finite.
    std::int64_t left_out() const { return left_out_; }

    /// Whether this step has a line in the log: worth it to work out what it should say.
    bool logs() const;
    /// Adds to what the log says of this step.
    void log(const std::map<std::string, double>& metrics);

    /// Shows the loss and a note, logs the step with its learning rate and saves a checkpoint where
    /// it is time to. @throws base::Stopped, with a checkpoint saved, if a stop is requested.
    void end_step(std::optional<double> loss, const std::string& note = "");

private:
    void start();
    void leave_out(double loss, double gradient, const NamedTensors& made_of);
    bool last() const { return step_ + 1 == steps(); }

    LoopConfig config_;
    Schedule schedule_;
    RunFolder& folder_;
    torch::nn::Module& module_;
    AdamW& optimiser_;
    std::int64_t step_ = 0;
    std::optional<base::Progress> progress_;
    std::map<std::string, double> metrics_;  ///< of this step
    std::vector<std::pair<torch::Tensor, torch::Tensor>>
        buffers_;  ///< each with its last good copy
    int left_out_in_a_row_ = 0;
    std::int64_t left_out_ = 0;
};

}  // namespace distillar::training
