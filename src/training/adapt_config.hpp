#pragma once
#include <cstdint>
#include <string>

#include "base/yaml.hpp"

namespace distillar::training {

/// How confident the teacher must be for its class to become a pseudo-label, class by class: TTYD's
/// scheme (methods.md 1). The threshold of class c, in each batch of target points, is
///     max(floor, share x peak_c x (1 - exp(-running_c / discount)))
/// with peak_c the highest confidence among the points whose most likely class is c, and running_c
/// the moving average of the mean probability of c, which the first batch starts [ours].
struct ClassThresholds {
    double share = 0.80;
    double floor = 0.20;
    double discount = 0.001;
    double momentum = 0.9;
};

/// `adapt:` of a config: a segmentation model on an unlabelled target. What MuDDoS's step 3 leaves
/// open is [ours] after SALUDA, CoSMix and TTYD (methods.md 1 and 5).
struct AdaptConfig {
    /// "self_training": heads on the frozen backbone. "adabn": batch-norm statistics, nothing else.
    std::string method = "self_training";

    double ema = 0.99;           ///< teacher = ema x teacher + (1 - ema) x student, parameters only
    std::int64_t ema_every = 1;  ///< steps from one update of the teacher to the next

    std::string thresholds = "global";  ///< or "class"
    double confidence = 0.9;            ///< global: a pseudo-label's softmax is above it
    ClassThresholds class_thresholds;

    double source_weight = 1;   ///< of cross-entropy + loss.lovasz x Lovasz on source labels
    double target_weight = 1;   ///< of cross-entropy on pseudo-labels
    double target_lovasz = 0;   ///< Lovasz on pseudo-labels, inside target_weight
    double entropy_weight = 0;  ///< of the mean entropy on target points (TTYD: 1)

    /// Batch-norm statistics of the head, fixed while it trains: "source", those of the weights
    /// (TTYD: evaluation mode all along), or "target", re-estimated on the target's tokens before
    /// the first step. Tokens are frozen, so there is nothing to track.
    std::string statistics = "source";

    std::string result = "student";  ///< the head that is kept, or "teacher"
    std::string select = "last";     ///< its last state, or "entropy": the one surest of the target
    std::int64_t select_every = 500;  ///< entropy: steps from one candidate to the next
    int select_scans = 100;           ///< entropy: target scans to measure on, evenly spaced

    /// Without one confident target point in so many steps the run fails; 0: at its end only.
    std::int64_t give_up_steps = 100;
};

/// @throws base::Error naming the place of a value out of range or a key that is not known.
void read_adapt(const base::Yaml& yaml, AdaptConfig& adapt);

/// As YAML that read_adapt reads back to the same values.
std::string adapt_text(const AdaptConfig& adapt);

}  // namespace distillar::training
