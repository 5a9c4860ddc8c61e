#pragma once
#include <cstddef>

#include "kernels/activation.hpp"
#include "kernels/plane_table.hpp"

namespace distillar::kernels {

/// out = tokens + row_scale * gather(scale * conv2(act(conv1(mean per cell(norm(input)))))), both
/// convolutions depthwise 3x3, evaluated only where they reach a point (PlaneTable). Equal to the
/// dense convolutions with zero padding. Everything is points x channels, row-major, float32.
struct SpatialMix {
    const PlaneTable* table = nullptr;
    std::size_t channels = 0;
    Activation activation = Activation::relu;
    const float* norm_weight = nullptr;  ///< [C], null: no norm
    const float* norm_bias = nullptr;    ///< [C]
    const float* first = nullptr;        ///< [C x 9]
    const float* first_bias = nullptr;   ///< [C]
    const float* second = nullptr;       ///< [C x 9]
    const float* second_bias = nullptr;  ///< [C]
    const float* scale = nullptr;        ///< LayerScale [C]
    const float* row_scale = nullptr;    ///< [N] or null: 1 (drop path)
    const float* input = nullptr;        ///< N x C
};

/// What the forward pass leaves for the backward one.
struct SpatialMixSaved {
    float* means = nullptr;     ///< [N], with a norm
    float* inverses = nullptr;  ///< [N], with a norm
    float* cells = nullptr;     ///< occupied x C, mean of the normalised points
    float* hidden = nullptr;    ///< reached x C, before the activation
};

void spatial_mix_forward(const SpatialMix& mix, const float* tokens, const SpatialMixSaved& saved,
                         float* out);

struct SpatialMixGradients {
    float* norm_weight = nullptr;  ///< with a norm
    float* norm_bias = nullptr;
    float* first = nullptr;
    float* first_bias = nullptr;
    float* second = nullptr;
    float* second_bias = nullptr;
    float* scale = nullptr;
    float* input = nullptr;  ///< N x C; with `add_residual`, the gradient past the branch is added
    bool add_residual = true;
};

/// @param gradient  N x C, of the output. All fields of `out` are overwritten.
void spatial_mix_backward(const SpatialMix& mix, const SpatialMixSaved& saved,
                          const float* gradient, const SpatialMixGradients& out);

}  // namespace distillar::kernels
