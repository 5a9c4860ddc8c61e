#pragma once
#include <memory>

#include "models/head.hpp"
#include "models/torch.hpp"
#include "training/config.hpp"
#include "training/token_source.hpp"

namespace distillar::training {

struct PseudoLabels {
    torch::Tensor classes;     ///< N int64: the most likely class
    torch::Tensor confidence;  ///< N: its probability
    torch::Tensor labels;      ///< N int64: the class where the confidence is enough, else 255

    torch::Tensor kept() const;  ///< N bool
};

/// Labels of the points whose confidence is above the threshold of their most likely class.
/// @param probabilities  N x C.
/// @param thresholds     C.
PseudoLabels pseudo_labels(const torch::Tensor& probabilities, const torch::Tensor& thresholds);

/// The threshold of each class in this batch (ClassThresholds has the formula).
/// @param probabilities  N x C, N > 0.
/// @param running        C: moving average of the classes' mean probability, this batch included.
/// @return C.
torch::Tensor class_thresholds(const torch::Tensor& probabilities, const torch::Tensor& running,
                               const ClassThresholds& config);

/// What a step computed. Only `loss` is to be differentiated.
struct SelfTrainingStep {
    torch::Tensor loss;
    torch::Tensor source_loss, target_loss;
    torch::Tensor source_logits, target_logits;  ///< the student's
    PseudoLabels pseudo;                         ///< the teacher's, of the target points
};

/// Student and teacher head on a frozen backbone's tokens (MuDDoS step 3): everything that training
/// changes, so that its state is all a checkpoint needs.
///     loss = source_weight x (CE + lovasz x Lovasz)(student(source), labels)
///          + target_weight x (CE + target_lovasz x Lovasz)(student(target), pseudo-labels)
///          + entropy_weight x entropy(student(target))
/// The teacher labels the very view that the student sees. Both heads normalise with fixed
/// batch-norm statistics, equal in both: the teacher's moving average is over parameters alone.
class SelfTraining : public torch::nn::Module {
public:
    /// Both heads start as `head` is.
    SelfTraining(const AdaptConfig& config, double source_lovasz, const models::Head& head);

    models::Head& student() { return *student_; }
    models::Head& teacher() { return *teacher_; }
    /// The head that the result gets.
    models::Head& result();
    /// Gives the teacher the student's parameters and statistics.
    void copy_to_teacher();

    SelfTrainingStep step(const TokenBatch& source, const TokenBatch& target);

    /// After the optimiser's step number `done` (from 1).
    void update_teacher(std::int64_t done);

    /// Of all target points up to now.
    std::int64_t confident_points() const { return confident_points_.item<std::int64_t>(); }
    double highest_confidence() const { return highest_confidence_.item<double>(); }

    /// `select: entropy`: keeps the result's head as it is now if this is the lowest entropy yet.
    void offer(double entropy);
    /// The head offered with the lowest entropy.
    models::Head& best() { return *best_; }
    double lowest_entropy() const { return lowest_entropy_.item<double>(); }

private:
    PseudoLabels label(const torch::Tensor& tokens);
    torch::Tensor thresholds(const torch::Tensor& probabilities);

    AdaptConfig config_;
    double source_lovasz_;
    std::shared_ptr<models::Head> student_, teacher_;
    std::shared_ptr<models::Head> best_;  ///< select: entropy
    torch::Tensor running_probability_;   ///< C; thresholds: class
    torch::Tensor target_batches_, confident_points_, highest_confidence_, lowest_entropy_;
};

}  // namespace distillar::training
