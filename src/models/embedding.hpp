#pragma once
#include <memory>

#include "models/layers.hpp"
#include "models/torch.hpp"
#include "models/torch_batch.hpp"

namespace distillar::models {

/// Conv2d-BatchNorm stack over the differences to the neighbours; keys 0, 1, 2, 4 as published.
class NeighborBranch : public torch::nn::Module {
public:
    NeighborBranch(std::int64_t inputs, std::int64_t channels);

    /// max over the neighbours of conv(relu(bn(conv(bn(input_scale * (x_nbr - x)))))).
    /// @param features     N x Cin, before the embedding's first BatchNorm.
    /// @param input_scale  Cin, float64: that BatchNorm's factor (its shift cancels in
    /// differences).
    torch::Tensor forward(const torch::Tensor& features, const torch::Tensor& neighbors,
                          const torch::Tensor& input_scale);

private:
    std::shared_ptr<BatchNorm> input_norm_, hidden_norm_;
    std::shared_ptr<PointConvolution> first_, second_;
};

/// WaffleIron's embedding (methods.md 2.1), computed in an equal, cheaper form: the two BatchNorms
/// and the linear map between them fold into one affine map of the raw differences, because a
/// linear map's batch statistics follow from the mean and covariance of its few inputs; and the
/// point branch folds into the final convolution.
class Embedding : public torch::nn::Module {
public:
    Embedding(std::int64_t inputs, std::int64_t channels);
    torch::Tensor forward(const TorchBatch& batch);  ///< N x channels

private:
    std::shared_ptr<BatchNorm> norm_;
    std::shared_ptr<PointConvolution> points_, final_;
    std::shared_ptr<NeighborBranch> neighbors_;
};

}  // namespace distillar::models
