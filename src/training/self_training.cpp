#include "training/self_training.hpp"

#include <limits>

#include "losses/entropy.hpp"
#include "losses/segmentation.hpp"
#include "models/state.hpp"

namespace distillar::training {

namespace {

void copy_head(const models::Head& from, models::Head& to) {
    models::load_state(to, models::state_of(from), "head");
}

}  // namespace

torch::Tensor PseudoLabels::kept() const {
    return labels.ne(losses::ignore_label);
}

PseudoLabels pseudo_labels(const torch::Tensor& probabilities, const torch::Tensor& thresholds) {
    PseudoLabels result;
    std::tie(result.confidence, result.classes) = probabilities.max(1);
    const torch::Tensor enough = result.confidence.gt(thresholds.index_select(0, result.classes));
    result.labels = result.classes.masked_fill(enough.logical_not(), losses::ignore_label);
    return result;
}

torch::Tensor class_thresholds(const torch::Tensor& probabilities, const torch::Tensor& running,
                               const ClassThresholds& config) {
    const torch::Tensor likeliest = probabilities.argmax(1, true);
    const torch::Tensor others =
        torch::arange(running.size(0), likeliest.options()).ne(likeliest);  // N x C
    const torch::Tensor peaks = probabilities.masked_fill(others, 0).amax(0);
    const torch::Tensor discount = 1 - torch::exp(running / -config.discount);
    return (config.share * peaks * discount).clamp_min(config.floor);
}

SelfTraining::SelfTraining(const AdaptConfig& config, double source_lovasz,
                           const models::Head& head)
    : config_(config), source_lovasz_(source_lovasz) {
    const auto add = [&](const char* name) {
        auto copy = register_module(name, std::make_shared<models::Head>(head.config()));
        copy_head(head, *copy);
        return copy;
    };
    student_ = add("student");
    teacher_ = add("teacher");
    if (config.select == AdaptConfig::Select::entropy) {
        best_ = add("best");
    }
    running_probability_ =
        register_buffer("running_probability", torch::zeros({head.config().outputs}));
    target_batches_ = register_buffer("target_batches", torch::zeros({}, torch::kInt64));
    confident_points_ = register_buffer("confident_points", torch::zeros({}, torch::kInt64));
    highest_confidence_ = register_buffer("highest_confidence", torch::zeros({}));
    lowest_entropy_ =
        register_buffer("lowest_entropy", torch::full({}, std::numeric_limits<float>::infinity()));
    eval();
}

models::Head& SelfTraining::result() {
    return config_.result == AdaptConfig::Result::teacher ? *teacher_ : *student_;
}

void SelfTraining::copy_to_teacher() {
    copy_head(*student_, *teacher_);
}

torch::Tensor SelfTraining::thresholds(const torch::Tensor& probabilities) {
    if (config_.thresholds == AdaptConfig::Thresholds::global) {
        return torch::full_like(running_probability_, config_.confidence);
    }
    const double keep =
        target_batches_.item<std::int64_t>() == 0 ? 0 : config_.class_thresholds.momentum;
    running_probability_.mul_(keep).add_(probabilities.mean(0), 1 - keep);
    return class_thresholds(probabilities, running_probability_, config_.class_thresholds);
}

PseudoLabels SelfTraining::label(const torch::Tensor& tokens) {
    const torch::NoGradGuard no_grad;
    const torch::Tensor probabilities = torch::softmax(teacher_->forward(tokens), 1);
    if (probabilities.size(0) == 0) {
        return pseudo_labels(probabilities, running_probability_);
    }
    const PseudoLabels labels = pseudo_labels(probabilities, thresholds(probabilities));
    target_batches_.add_(1);
    confident_points_.add_(labels.kept().sum());
    highest_confidence_.copy_(torch::maximum(highest_confidence_, labels.confidence.max()));
    return labels;
}

SelfTrainingStep SelfTraining::step(const TokenBatch& source, const TokenBatch& target) {
    SelfTrainingStep step;
    step.pseudo = label(target.tokens);
    step.source_logits = student_->forward(source.tokens);
    step.target_logits = student_->forward(target.tokens);
    step.source_loss = losses::segmentation(step.source_logits, source.labels, source_lovasz_);
    step.target_loss =
        losses::segmentation(step.target_logits, step.pseudo.labels, config_.target_lovasz);
    step.loss = config_.source_weight * step.source_loss + config_.target_weight * step.target_loss;
    if (config_.entropy_weight > 0) {
        step.loss =
            step.loss + config_.entropy_weight * losses::prediction_entropy(step.target_logits);
    }
    return step;
}

void SelfTraining::update_teacher(std::int64_t done) {
    if (done % config_.ema_every != 0) {
        return;
    }
    const torch::NoGradGuard no_grad;
    const auto from = student_->parameters();
    const auto to = teacher_->parameters();
    for (std::size_t i = 0; i < to.size(); ++i) {
        to[i].mul_(config_.ema).add_(from[i], 1 - config_.ema);
    }
}

void SelfTraining::offer(double entropy) {
    const auto value = static_cast<float>(entropy);
    if (value < lowest_entropy_.item<float>()) {
        lowest_entropy_.fill_(value);
        copy_head(result(), *best_);
    }
}

}  // namespace distillar::training
