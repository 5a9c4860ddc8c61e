#include "training/teacher_train/objective.hpp"

#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>

#include "losses/segmentation.hpp"
#include "models/dinov2_block.hpp"
#include "models/dinov2_start.hpp"

namespace distillar::training {

namespace {

using torch::nn::Linear;

class PixelClasses : public TeacherObjective {
public:
    PixelClasses(const TeacherTrainConfig& config, const torch::Tensor& weights)
        : TeacherObjective(config.network),
          head_(register_module(
              "head", Linear(config.network.dim,
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
    Linear head_{nullptr};
    torch::Tensor weights_;  ///< C
};

/// B x T x width, rows of each image chosen by B x K indices.
torch::Tensor rows_of(const torch::Tensor& tokens, const torch::Tensor& indices) {
    const std::int64_t batch = tokens.size(0);
    const auto first = torch::arange(batch, indices.options()).unsqueeze(1) * tokens.size(1);
    return tokens.flatten(0, 1)
        .index_select(0, (indices + first).flatten())
        .view({batch, indices.size(1), tokens.size(2)});
}

/// B x T x (3 patch^2): the pixels of every patch, normalised.
torch::Tensor patches_of(const torch::Tensor& images, std::int64_t patch) {
    const std::int64_t rows = images.size(2) / patch;
    const std::int64_t columns = images.size(3) / patch;
    const auto pixels = images.view({images.size(0), 3, rows, patch, columns, patch})
                            .permute({0, 2, 4, 3, 5, 1})
                            .reshape({images.size(0), rows * columns, -1});
    const auto deviation = (pixels.var(at::IntArrayRef{2}, true, true) + 1e-6).sqrt();
    return (pixels - pixels.mean(at::IntArrayRef{2}, true)) / deviation;
}

class MaskedPatches : public TeacherObjective {
public:
    explicit MaskedPatches(const TeacherTrainConfig& config)
        : TeacherObjective(config.network), patch_(config.network.patch) {
        const std::int64_t rows = config.height / patch_;
        const std::int64_t columns = config.width / patch_;
        const std::int64_t dim = config.masked.decoder_dim;
        visible_ = std::max<std::int64_t>(
            1, std::llround((1 - config.masked.ratio) * static_cast<double>(rows * columns)));
        into_ = register_module("decoder_embed", Linear(config.network.dim, dim));
        mask_token_ = register_parameter("mask_token", torch::empty({1, dim}).normal_(0, 0.02));
        positions_ = models::sine_positions(rows, columns, dim);
        models::DinoV2Config block;
        block.dim = config.masked.decoder_dim;
        block.heads = config.masked.decoder_heads;
        blocks_ = register_module("decoder_blocks", torch::nn::ModuleList());
        for (int i = 0; i < config.masked.decoder_depth; ++i) {
            blocks_->push_back(std::make_shared<models::DinoV2Block>(block));
        }
        norm_ = register_module("decoder_norm",
                                torch::nn::LayerNorm(torch::nn::LayerNormOptions({dim})));
        out_of_ = register_module("decoder_pred", Linear(dim, 3 * patch_ * patch_));
        models::start_linear_layers(*into_);
        models::start_linear_layers(*blocks_);
        models::start_linear_layers(*out_of_);
    }

    torch::Tensor loss(const TeacherBatch& batch) override {
        const auto shown = batch.order.slice(1, 0, visible_);
        const auto hidden = batch.order.slice(1, visible_);
        const auto predicted = decode(encode(batch.images, shown), batch.order);
        const auto wanted = rows_of(patches_of(batch.images, patch_), hidden);
        return (rows_of(predicted, hidden) - wanted).square().mean();
    }

private:
    /// Tokens of the shown patches after the final norm: B x visible x dim.
    torch::Tensor encode(const torch::Tensor& images, const torch::Tensor& shown) {
        const auto class_token = torch::zeros({shown.size(0), 1}, shown.options());
        const auto tokens =
            rows_of(network().embed(images), torch::cat({class_token, shown + 1}, 1));
        return network().finish(network().mix(tokens)).norm.slice(1, 1);
    }

    /// Pixels of all patches, in the image's order: B x T x (3 patch^2).
    torch::Tensor decode(const torch::Tensor& tokens, const torch::Tensor& order) {
        const std::int64_t hidden = order.size(1) - visible_;
        const auto fill = mask_token_.unsqueeze(0).expand({order.size(0), hidden, -1});
        const auto shuffled = torch::cat({into_->forward(tokens), fill}, 1);
        auto all =
            rows_of(shuffled, order.argsort(std::int64_t{1})) + positions_.to(order.device());
        for (const auto& block : *blocks_) {
            all = block->as<models::DinoV2Block>()->forward(all);
        }
        return out_of_->forward(norm_->forward(all));
    }

    std::int64_t patch_;
    std::int64_t visible_ = 0;  ///< patches that the network sees
    Linear into_{nullptr}, out_of_{nullptr};
    torch::Tensor mask_token_;
    torch::Tensor positions_;
    torch::nn::ModuleList blocks_;
    torch::nn::LayerNorm norm_{nullptr};
};

}  // namespace

TeacherObjective::TeacherObjective(const models::DinoV2Config& config)
    : network_(register_module("teacher", models::start_dinov2(config))) {}

std::shared_ptr<TeacherObjective> learn_pixel_classes(const TeacherTrainConfig& config,
                                                      const std::vector<double>& frequencies) {
    const auto shares = torch::tensor(frequencies, torch::kFloat64);
    const auto weights = shares.clamp_min(1e-5).pow(-config.supervised.weight_power);
    return std::make_shared<PixelClasses>(config,
                                          (weights / (weights * shares).sum()).to(torch::kFloat32));
}

std::shared_ptr<TeacherObjective> learn_masked_patches(const TeacherTrainConfig& config) {
    return std::make_shared<MaskedPatches>(config);
}

}  // namespace distillar::training
