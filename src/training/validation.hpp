#pragma once
#include <map>
#include <optional>
#include <string>

#include "datasets/labelling.hpp"
#include "datasets/mixture.hpp"
#include "models/network.hpp"
#include "training/training_loop.hpp"

namespace distillar::training {

/// `data.validation` of train, probe and fuse: loss and mIoU of a lidar network on held-out frames
/// with the source's labels, whole and without augmentation, every `validate_every` steps and at
/// the end; and with `keep: best` the state with the highest miou_common. It draws no random number
/// and leaves modes and statistics as they are: a training with it takes the same steps as one
/// without.
class Validation {
public:
    /// @throws base::Error if a data set is not there, without labels, or not of the source.
    Validation(const RunConfig& config, const datasets::Labelling& labelling);

    /// After the loop's step, before its end: measures where it is time to.
    /// @param kept  the module whose state is kept: the network, or what holds it.
    /// @throws base::Error if the best is to be kept and no class has enough points to tell.
    void after_step(TrainingLoop& loop, models::Network& network, const torch::nn::Module& kept);

    /// For the progress line: "miou_common 43.2 %", or "".
    const std::string& note() const { return note_; }

    /// After the last step: `keep: best` puts the best state into the module.
    void take_best(const RunFolder& folder, torch::nn::Module& kept) const;

private:
    std::map<std::string, double> measure(models::Network& network) const;

    const RunConfig& config_;
    const datasets::Labelling& labelling_;
    datasets::Mixture frames_;
    std::string note_;
};

}  // namespace distillar::training
