#include "models/mix_layers.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"

namespace distillar::models {

namespace {

constexpr std::uint32_t drop_path_stream = 0x64726f70;

MixNorm register_norm(torch::nn::Module& module, const WaffleIronConfig& config) {
    MixNorm norm;
    if (config.norm == Norm::batch) {
        norm.batch = module.register_module("norm", std::make_shared<BatchNorm>(config.channels));
    } else {
        norm.layer = module.register_module("norm", std::make_shared<LayerNorm>(config.channels));
    }
    return norm;
}

template <typename Parameters>
torch::Tensor apply_norm(const MixNorm& norm, const torch::Tensor& tokens, Parameters& parameters) {
    if (norm.batch) {
        return norm.batch->forward(tokens);
    }
    parameters.norm_weight = norm.layer->weight;
    parameters.norm_bias = norm.layer->bias;
    return tokens;
}

/// A module that only holds others, under numbers as torch.nn.Sequential names them.
std::shared_ptr<torch::nn::Module> sequence(const std::shared_ptr<torch::nn::Module>& first,
                                            const std::shared_ptr<torch::nn::Module>& third) {
    auto holder = std::make_shared<torch::nn::Module>();
    holder->register_module("0", first);
    holder->register_module("2", third);
    return holder;
}

}  // namespace

SpatialMix::SpatialMix(const WaffleIronConfig& config) : activation_(config.activation) {
    norm_ = register_norm(*this, config);
    first_ = std::make_shared<PlaneConvolution>(config.channels);
    second_ = std::make_shared<PlaneConvolution>(config.channels);
    register_module("ffn", sequence(first_, second_));
    scale_ = register_module("scale", std::make_shared<LayerScale>(config.channels));
}

torch::Tensor SpatialMix::forward(const torch::Tensor& tokens, const Plane& plane,
                                  const torch::Tensor& row_scale) {
    SpatialParameters parameters{
        {}, {}, first_->weight, first_->bias, second_->weight, second_->bias, scale_->weight};
    const torch::Tensor input = apply_norm(norm_, tokens, parameters);
    return spatial_mix(tokens, input, parameters, plane, activation_, row_scale);
}

ChannelMix::ChannelMix(const WaffleIronConfig& config) : activation_(config.activation) {
    norm_ = register_norm(*this, config);
    first_ = std::make_shared<PointConvolution>(config.channels, config.channels, true);
    second_ = std::make_shared<PointConvolution>(config.channels, config.channels, true);
    register_module("mlp", sequence(first_, second_));
    scale_ = register_module("scale", std::make_shared<LayerScale>(config.channels));
}

torch::Tensor ChannelMix::forward(const torch::Tensor& tokens, const torch::Tensor& row_scale) {
    ChannelParameters parameters{
        {}, {}, first_->weight, first_->bias, second_->weight, second_->bias, scale_->weight};
    const torch::Tensor input = apply_norm(norm_, tokens, parameters);
    return channel_mix(tokens, input, parameters, activation_, row_scale);
}

std::vector<float> drop_path_factors(double rate, const StepAddress& address, std::uint64_t branch,
                                     std::size_t scans) {
    std::vector<float> factors(scans);
    for (std::size_t scan = 0; scan < scans; ++scan) {
        base::Random random(address.seed, address.step, branch << 32 | scan, drop_path_stream);
        factors[scan] = random.chance(rate) ? 0.0F : static_cast<float>(1.0 / (1.0 - rate));
    }
    return factors;
}

MixLayers::MixLayers(const WaffleIronConfig& config) : drop_path_(config.drop_path) {
    const auto channel = std::make_shared<torch::nn::Module>();
    const auto spatial = std::make_shared<torch::nn::Module>();
    for (int layer = 0; layer < config.depth; ++layer) {
        const std::string name = std::to_string(layer);
        spatial_.push_back(spatial->register_module(name, std::make_shared<SpatialMix>(config)));
        channel_.push_back(channel->register_module(name, std::make_shared<ChannelMix>(config)));
    }
    register_module("channel_mix", channel);
    register_module("spatial_mix", spatial);
}

torch::Tensor MixLayers::forward(torch::Tensor tokens, const TorchBatch& batch,
                                 const StepAddress& address) {
    if (batch.planes.empty()) {
        base::fail("the batch has no plane grids: WaffleIron needs at least one");
    }
    const bool drops = is_training() && drop_path_ > 0;
    /// Calls mix(row_scale) unless every scan's branch is dropped.
    const auto with_drop_path = [&](std::uint64_t branch, const auto& mix) {
        if (!drops) {
            tokens = mix(torch::Tensor());
            return;
        }
        const std::vector<float> factors =
            drop_path_factors(drop_path_, address, branch, batch.scans());
        if (std::all_of(factors.begin(), factors.end(), [](float f) { return f == 0; })) {
            return;
        }
        torch::Tensor rows = torch::empty({tokens.size(0)});
        for (std::size_t scan = 0; scan < factors.size(); ++scan) {
            rows.narrow(0, batch.offsets[scan], batch.offsets[scan + 1] - batch.offsets[scan])
                .fill_(factors[scan]);
        }
        tokens = mix(rows.to(tokens.device()));
    };
    for (std::size_t layer = 0; layer < spatial_.size(); ++layer) {
        const Plane& plane = batch.planes[layer % batch.planes.size()];
        with_drop_path(2 * layer, [&](const torch::Tensor& rows) {
            return spatial_[layer]->forward(tokens, plane, rows);
        });
        with_drop_path(2 * layer + 1, [&](const torch::Tensor& rows) {
            return channel_[layer]->forward(tokens, rows);
        });
    }
    return tokens;
}

}  // namespace distillar::models
