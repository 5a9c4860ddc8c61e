#pragma once
#include <memory>

#include "datasets/mixture.hpp"
#include "training/config.hpp"
#include "training/supervised_sample.hpp"

namespace distillar::training {

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

}  // namespace distillar::training
