#pragma once
#include <cstddef>

#include "kernels/activation.hpp"

namespace distillar::kernels {

/// out = tokens + row_scale * scale * (W2 act(W1 norm(input) + b1) + b2) per point, where norm is
/// LayerNorm over channels or nothing. Everything is points x channels, row-major, float32.
struct ChannelMix {
    std::size_t points = 0;
    std::size_t channels = 0;
    Activation activation = Activation::relu;
    const float* norm_weight = nullptr;  ///< [C], null: no norm
    const float* norm_bias = nullptr;    ///< [C]
    const float* first = nullptr;        ///< W1 [C x C], outputs x inputs
    const float* first_bias = nullptr;   ///< [C]
    const float* second = nullptr;       ///< W2 [C x C]
    const float* second_bias = nullptr;  ///< [C]
    const float* scale = nullptr;        ///< LayerScale [C]
    const float* row_scale = nullptr;    ///< [N] or null: 1 (drop path; rows with 0 are skipped)
    const float* input = nullptr;        ///< N x C
};

/// What the forward pass leaves for the backward one. Rows whose row_scale is 0 may be unset.
struct ChannelMixSaved {
    float* means = nullptr;     ///< [N], with a norm
    float* inverses = nullptr;  ///< [N], with a norm
    float* hidden = nullptr;    ///< N x C, before the activation
};

/// @param saved  null for inference.
void channel_mix_forward(const ChannelMix& mix, const float* tokens, const ChannelMixSaved* saved,
                         float* out);

struct ChannelMixGradients {
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
void channel_mix_backward(const ChannelMix& mix, const ChannelMixSaved& saved,
                          const float* gradient, const ChannelMixGradients& out);

}  // namespace distillar::kernels
