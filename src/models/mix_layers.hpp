#pragma once
#include <memory>
#include <vector>

#include "models/layers.hpp"
#include "models/operations.hpp"
#include "models/torch.hpp"
#include "models/torch_batch.hpp"
#include "models/waffleiron.hpp"

namespace distillar::models {

/// Either norm under the name "norm". BatchNorm acts before the mixing operation, LayerNorm in it.
struct MixNorm {
    std::shared_ptr<BatchNorm> batch;
    std::shared_ptr<LayerNorm> layer;
};

/// tokens += drop_path(spatial mixing); keys norm, ffn.0, ffn.2, scale.
class SpatialMix : public torch::nn::Module {
public:
    explicit SpatialMix(const WaffleIronConfig& config);
    torch::Tensor forward(const torch::Tensor& tokens, const Plane& plane,
                          const torch::Tensor& row_scale);

private:
    MixNorm norm_;
    std::shared_ptr<PlaneConvolution> first_, second_;
    std::shared_ptr<LayerScale> scale_;
    Activation activation_;
};

/// tokens += drop_path(channel mixing); keys norm, mlp.0, mlp.2, scale.
class ChannelMix : public torch::nn::Module {
public:
    explicit ChannelMix(const WaffleIronConfig& config);
    torch::Tensor forward(const torch::Tensor& tokens, const torch::Tensor& row_scale);

private:
    MixNorm norm_;
    std::shared_ptr<PointConvolution> first_, second_;
    std::shared_ptr<LayerScale> scale_;
    Activation activation_;
};

/// Where a forward pass draws its random numbers from.
struct StepAddress {
    std::uint64_t seed = 0;
    std::uint64_t step = 0;
};

/// The layers of WaffleIron: spatial_mix.{d}, channel_mix.{d}.
class MixLayers : public torch::nn::Module {
public:
    explicit MixLayers(const WaffleIronConfig& config);
    torch::Tensor forward(torch::Tensor tokens, const TorchBatch& batch,
                          const StepAddress& address);

private:
    /// What drop path does to one branch: nothing, or a factor per row, or all is dropped.
    struct Branch {
        bool dropped = false;
        torch::Tensor row_scale;
    };
    Branch branch_of(const torch::Tensor& tokens, const TorchBatch& batch,
                     const StepAddress& address, std::size_t branch) const;

    std::vector<std::shared_ptr<SpatialMix>> spatial_;
    std::vector<std::shared_ptr<ChannelMix>> channel_;
    double drop_path_;
    bool recompute_;
};

/// Drop path's factor per scan: 0 with probability `rate`, else 1 / (1 - rate).
/// @param branch  2 * layer for spatial, 2 * layer + 1 for channel mixing.
std::vector<float> drop_path_factors(double rate, const StepAddress& address, std::uint64_t branch,
                                     std::size_t scans);

}  // namespace distillar::models
