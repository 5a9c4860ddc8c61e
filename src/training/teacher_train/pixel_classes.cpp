// learn_pixel_classes: the supervised objective.
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/linear.h>

#include "losses/segmentation.hpp"
#include "models/dinov2_start.hpp"
#include "training/teacher_train/objective.hpp"

namespace distillar::training {

namespace {

class PixelClasses : public TeacherObjective {
public:
    PixelClasses(const TeacherTrainConfig& config, const torch::Tensor& weights)
        : TeacherObjective(config.network),
          head_(register_module(
              "head", torch::nn::Linear(
                          config.network.dim,
                          config.supervised.cells * config.supervised.cells * weights.size(0)))),
          weights_(weights) {
        models::start_linear_layers(*head_);
    }

    torch::Tensor loss(const TeacherBatch& batch) override {
        const auto tokens = network().forward(batch.images).norm.slice(1, 1);
        const auto logits = head_->forward(tokens).view({-1, weights_.size(0)});
        namespace F = torch::nn::functional;
        return F::cross_entropy(logits, batch.classes.flatten(),
                                F::CrossEntropyFuncOptions()
                                    .weight(weights_.to(logits.device()))
                                    .ignore_index(losses::ignore_label));
    }

private:
    torch::nn::Linear head_{nullptr};
    torch::Tensor weights_;  ///< C
};

}  // namespace

std::shared_ptr<TeacherObjective> learn_pixel_classes(const TeacherTrainConfig& config,
                                                      const std::vector<double>& frequencies) {
    const auto shares = torch::tensor(frequencies, torch::kFloat64);
    const auto weights = shares.clamp_min(1e-5).pow(-config.supervised.weight_power);
    return std::make_shared<PixelClasses>(config,
                                          (weights / (weights * shares).sum()).to(torch::kFloat32));
}

}  // namespace distillar::training
