#include "models/mix_layers.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "models/recompute.hpp"

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

MixLayers::MixLayers(const WaffleIronConfig& config)
    : drop_path_(config.drop_path), recompute_(config.recompute) {
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

MixLayers::Branch MixLayers::branch_of(const torch::Tensor& tokens, const TorchBatch& batch,
                                       const StepAddress& address, std::size_t branch) const {
    if (!is_training() || drop_path_ <= 0) {
        return {};
    }
    const std::vector<float> factors =
        drop_path_factors(drop_path_, address, branch, batch.scans());
    if (std::all_of(factors.begin(), factors.end(), [](float f) { return f == 0; })) {
        return {.dropped = true, .row_scale = {}};
    }
    torch::Tensor rows = torch::empty({tokens.size(0)});
    for (std::size_t scan = 0; scan < factors.size(); ++scan) {
        rows.narrow(0, batch.offsets[scan], batch.offsets[scan + 1] - batch.offsets[scan])
            .fill_(factors[scan]);
    }
    return {.dropped = false, .row_scale = rows.to(tokens.device())};
}

torch::Tensor MixLayers::forward(torch::Tensor tokens, const TorchBatch& batch,
                                 const StepAddress& address) {
    if (batch.planes.empty()) {
        base::fail("the batch has no plane grids: WaffleIron needs at least one");
    }
    for (std::size_t i = 0; i < spatial_.size(); ++i) {
        const Branch first = branch_of(tokens, batch, address, 2 * i);
        const Branch second = branch_of(tokens, batch, address, 2 * i + 1);
        if (first.dropped && second.dropped) {
            continue;
        }
        const auto layer = [=, spatial = spatial_[i], channel = channel_[i],
                            plane = batch.planes[i % batch.planes.size()]](torch::Tensor rows) {
            if (!first.dropped) {
                rows = spatial->forward(rows, plane, first.row_scale);
            }
            return second.dropped ? rows : channel->forward(rows, second.row_scale);
        };
        if (recompute_ && torch::GradMode::is_enabled()) {
            auto parameters = spatial_[i]->parameters();
            const auto more = channel_[i]->parameters();
            parameters.insert(parameters.end(), more.begin(), more.end());
            tokens = recomputed(tokens, parameters, layer);
        } else {
            tokens = layer(tokens);
        }
    }
    return tokens;
}

}  // namespace distillar::models
