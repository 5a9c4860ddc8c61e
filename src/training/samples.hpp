#pragma once
/// What the stages' steps are made of: augmented scans, with labels, without, or with what a
/// teacher sees at their points.
#include <functional>
#include <map>
#include <string>

#include "datasets/labelling.hpp"
#include "inference/seen_features.hpp"
#include "models/torch_batch.hpp"
#include "training/config.hpp"
#include "training/sampler.hpp"

namespace distillar::training {

/// How a frame becomes a scan for the network, with labels or without.
using ScanOf = std::function<geometry::Scan(const datasets::Frame&)>;

/// The unlabelled scans of `data.target`, aligned to the model's sensor contract as they are when
/// the model segments them.
class TargetScans {
public:
    /// @throws base::Error if a data set is not there or lacks an input feature of the model.
    explicit TargetScans(const RunConfig& config);

    const datasets::Mixture& mixture() const { return mixture_; }
    const ScanOf& scan_of() const { return scan_of_; }

private:
    datasets::Mixture mixture_;
    ScanOf scan_of_;
};

/// A scan under the config's augmentation.
geometry::Sample augmented_sample(const geometry::Scan& scan, const RunConfig& config,
                                  const Draw& draw);

models::TorchBatch batch_of(const std::vector<geometry::Sample>& samples,
                            const geometry::InputSpec& input, torch::Device device);

/// The augmented, labelled scans of one step.
models::TorchBatch supervised_batch(const datasets::Mixture& mixture,
                                    const datasets::Labelling& labelling, const RunConfig& config,
                                    const std::vector<Draw>& draws);

/// What a supervised step logs: loss, point accuracy over labelled points; nothing of a step
/// without points, whose labels are undefined.
std::map<std::string, double> supervised_metrics(const torch::Tensor& logits,
                                                 const torch::Tensor& labels, double loss);

/// A preprocessed scan and the teacher's features at the pixels its points hit.
struct DistillationSample {
    geometry::Sample sample;
    std::vector<std::int64_t> rows;  ///< P: row of the sample of each pair
    torch::Tensor features;          ///< P x D
};

/// One camera at random, or all; see ViewConfig. A frame that no camera saw gives no pairs.
/// @param augmentation  null: nothing random, every camera, every point (validation).
DistillationSample distillation_sample(const datasets::Frame& frame,
                                       const geometry::InputSpec& input, const ViewConfig& views,
                                       const geometry::Augmentation* augmentation,
                                       base::Random* random, models::Teacher& teacher);

}  // namespace distillar::training
