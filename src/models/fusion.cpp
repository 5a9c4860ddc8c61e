#include "models/fusion.hpp"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>

#include "base/error.hpp"

namespace distillar::models {

namespace {

torch::nn::Sequential mlp(int inputs, int hidden, int outputs) {
    return torch::nn::Sequential(torch::nn::Linear(inputs, hidden), torch::nn::ReLU(),
                                 torch::nn::Linear(hidden, outputs));
}

torch::nn::LayerNorm layer_norm(int channels) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({channels}));
}

void require_possible(const FusionConfig& config) {
    if (config.channels <= 0 || config.image_channels <= 0 || config.hidden <= 0 ||
        config.adapter < 0) {
        base::fail(
            "a fusion of {} channels with {} image channels, {} hidden, adapter {}, cannot be made",
            config.channels, config.image_channels, config.hidden, config.adapter);
    }
    if (config.kind == FusionKind::attention &&
        (config.heads <= 0 || config.channels % config.heads != 0)) {
        base::fail("fusion: {} heads do not divide {} channels", config.heads, config.channels);
    }
}

}  // namespace

struct Fusion::Parts {
    torch::nn::Linear image{nullptr};  ///< gate
    torch::nn::Sequential mix{nullptr}, gate{nullptr};
    torch::nn::Linear query{nullptr}, key{nullptr}, value{nullptr}, output{nullptr};  ///< attention
    torch::nn::LayerNorm norm{nullptr}, last_norm{nullptr};
    torch::nn::Sequential last{nullptr};
    torch::nn::Sequential adapter{nullptr};
};

Fusion::Fusion(const FusionConfig& config) : config_(config), parts_(new Parts) {
    require_possible(config);
    const int channels = config.channels;
    Parts& parts = *parts_;
    if (config.adapter > 0) {
        parts.adapter = register_module(
            "adapter",
            torch::nn::Sequential(layer_norm(config.image_channels),
                                  torch::nn::Linear(config.image_channels, config.adapter),
                                  torch::nn::ReLU(),
                                  torch::nn::Linear(config.adapter, config.image_channels)));
    }
    if (config.kind == FusionKind::gate) {
        parts.image = register_module("image", torch::nn::Linear(config.image_channels, channels));
        parts.mix = register_module("mix", mlp(2 * channels + 1, config.hidden, channels));
        parts.gate = register_module("gate", mlp(2 * channels, config.hidden, channels));
        return;
    }
    const auto plain = [](int inputs, int outputs) {
        return torch::nn::Linear(torch::nn::LinearOptions(inputs, outputs).bias(false));
    };
    parts.norm = register_module("norm", layer_norm(channels));
    parts.query = register_module("query", plain(channels, channels));
    parts.key = register_module("key", plain(config.image_channels, channels));
    parts.value = register_module("value", plain(config.image_channels, channels));
    parts.output = register_module("output", plain(channels, channels));
    parts.last_norm = register_module("last_norm", layer_norm(channels));
    parts.last = register_module("last", mlp(channels, config.hidden, channels));
}

PointViews Fusion::adapt(const PointViews& views) {
    if (views.features.dim() != 2 || views.features.size(1) != config_.image_channels) {
        base::fail("fusion needs views of {} channels, got {}", config_.image_channels,
                   views.features.size(-1));
    }
    if (config_.adapter == 0) {
        return views;
    }
    return {views.point, views.features + parts_->adapter->forward(views.features)};
}

torch::Tensor Fusion::forward(const torch::Tensor& tokens, const PointViews& views) {
    if (tokens.dim() != 2 || tokens.size(1) != config_.channels || views.features.dim() != 2 ||
        views.features.size(1) != config_.image_channels) {
        base::fail("fusion needs tokens of {} channels and views of {}, got {} and {}",
                   config_.channels, config_.image_channels, tokens.size(-1),
                   views.features.size(-1));
    }
    return config_.kind == FusionKind::gate ? gated(tokens, views) : attended(tokens, views);
}

torch::Tensor Fusion::gated(const torch::Tensor& tokens, const PointViews& views) {
    const std::int64_t points = tokens.size(0);
    const torch::Tensor seen = view_counts(views, points).gt(0).to(tokens.scalar_type());
    const torch::Tensor image = parts_->image->forward(mean_views(views, points)) * seen;
    const torch::Tensor both = torch::cat({tokens, image}, 1);
    const torch::Tensor mixed = parts_->mix->forward(torch::cat({both, seen}, 1));
    return tokens + torch::sigmoid(parts_->gate->forward(both)) * mixed;
}

torch::Tensor Fusion::attended(const torch::Tensor& tokens, const PointViews& views) {
    const std::int64_t points = tokens.size(0), heads = config_.heads;
    torch::Tensor fused = tokens;
    if (views.size() > 0) {
        const auto by_head = [&](const torch::Tensor& rows) {
            return rows.view({rows.size(0), heads, -1});
        };
        const torch::Tensor query = parts_->query->forward(parts_->norm->forward(tokens));
        const torch::Tensor asked = by_head(query.index_select(0, views.point));
        const torch::Tensor scores =
            (asked * by_head(parts_->key->forward(views.features))).sum(2) /
            std::sqrt(static_cast<double>(asked.size(2)));
        // Each point's scores side by side, one place a view, for the softmax over them.
        const torch::Tensor turn = turns(views);
        const std::int64_t most = turn.max().item<std::int64_t>() + 1;
        const torch::Tensor places = views.point * most + turn;
        const torch::Tensor table = torch::full({points * most, heads}, -1e30, scores.options())
                                        .index_copy(0, places, scores);
        const torch::Tensor shares = torch::softmax(table.view({points, most, heads}), 1)
                                         .view({points * most, heads})
                                         .index_select(0, places);
        const torch::Tensor values =
            by_head(parts_->value->forward(views.features)) * shares.unsqueeze(2);
        const torch::Tensor attended = tokens.new_zeros({points, config_.channels})
                                           .index_add(0, views.point, values.flatten(1));
        fused = tokens + parts_->output->forward(attended);
    }
    return fused + parts_->last->forward(parts_->last_norm->forward(fused));
}

FusionKind fusion_kind_from(const std::string& name) {
    if (name == "gate") {
        return FusionKind::gate;
    }
    if (name == "attention") {
        return FusionKind::attention;
    }
    base::fail("fusion {} is not known: use gate or attention", name);
}

const char* name_of(FusionKind kind) {
    return kind == FusionKind::gate ? "gate" : "attention";
}

}  // namespace distillar::models
