#include "kernels/channel_mix.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/thread_pool.hpp"
#include "kernels/chunks.hpp"
#include "kernels/gemm.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {

namespace {

constexpr std::size_t block_rows = 192;

/// The layer with norm and LayerScale folded into the two linear maps:
/// W1' = W1 diag(norm weight), b1' = b1 + W1 norm bias; W2' = diag(scale) W2, b2' = scale b2.
struct Folded {
    std::vector<float> first, first_bias, second, second_bias;

    explicit Folded(const ChannelMix& mix)
        : first(mix.first, mix.first + mix.channels * mix.channels),
          first_bias(mix.first_bias, mix.first_bias + mix.channels),
          second(mix.second, mix.second + mix.channels * mix.channels),
          second_bias(mix.second_bias, mix.second_bias + mix.channels) {
        for (std::size_t o = 0; o < mix.channels; ++o) {
            for (std::size_t i = 0; i < mix.channels; ++i) {
                const std::size_t at = o * mix.channels + i;
                if (mix.norm_weight != nullptr) {
                    first_bias[o] += first[at] * mix.norm_bias[i];
                    first[at] *= mix.norm_weight[i];
                }
                second[at] *= mix.scale[o];
            }
            second_bias[o] *= mix.scale[o];
        }
    }
};

bool all_dropped(const ChannelMix& mix, std::size_t begin, std::size_t rows) {
    return mix.row_scale != nullptr &&
           std::all_of(mix.row_scale + begin, mix.row_scale + begin + rows,
                       [](float factor) { return factor == 0; });
}

/// Scratch of one thread's block: three matrices of block_rows x channels.
struct Scratch {
    Buffer normed, hidden, other, scaled;
    explicit Scratch(std::size_t channels)
        : normed(block_rows * channels),
          hidden(block_rows * channels),
          other(block_rows * channels),
          scaled(block_rows * channels) {}
};

class Backward {
public:
    Backward(const ChannelMix& mix, const ChannelMixSaved& saved, const float* gradient,
             const ChannelMixGradients& out)
        : mix_(mix),
          saved_(saved),
          gradient_(gradient),
          out_(out),
          folded_(mix),
          first_(folded_.first.data(), mix.channels, mix.channels, mix.channels, 1),
          second_(folded_.second.data(), mix.channels, mix.channels, mix.channels, 1) {}

    void run() {
        const std::size_t square = mix_.channels * mix_.channels;
        const std::size_t size = 2 * square + 2 * mix_.channels;
        Buffer sums(size);
        sum_over_chunks(chunks_of(mix_.points, block_rows, size), size, sums.data(),
                        [&](std::size_t begin, std::size_t end, float* partial) {
                            Scratch scratch(mix_.channels);
                            for (std::size_t row = begin; row < end; row += block_rows) {
                                block(row, std::min(block_rows, end - row), scratch, partial);
                            }
                        });
        unfold(sums.data());
    }

private:
    /// partial: gradients of W1', W2', b1', b2' one after the other.
    void block(std::size_t begin, std::size_t rows, Scratch& scratch, float* partial) {
        const std::size_t channels = mix_.channels;
        const std::size_t square = channels * channels;
        const std::size_t offset = begin * channels;
        const std::size_t count = rows * channels;
        const float* residual = gradient_ + offset;
        float* input_gradient = out_.input + offset;
        if (all_dropped(mix_, begin, rows)) {
            if (out_.add_residual) {
                std::memcpy(input_gradient, residual, count * sizeof(float));
            } else {
                std::memset(input_gradient, 0, count * sizeof(float));
            }
            return;
        }
        const float* gradient = residual;
        if (mix_.row_scale != nullptr) {
            scale_rows(residual, mix_.row_scale + begin, rows, channels, scratch.scaled.data());
            gradient = scratch.scaled.data();
        }
        float* hidden_gradient = scratch.other.data();
        float* activated = scratch.hidden.data();
        multiply(gradient, channels, rows, second_, hidden_gradient, channels);
        activate_backward(mix_.activation, saved_.hidden + offset, count, activated,
                          hidden_gradient);
        add_transposed_product(gradient, channels, channels, activated, channels, channels, rows,
                               partial + square);
        const float* normed = mix_.input + offset;
        if (mix_.norm_weight != nullptr) {
            normalise_rows_again(normed, rows, channels, saved_.means + begin,
                                 saved_.inverses + begin, scratch.normed.data());
            normed = scratch.normed.data();
        }
        add_transposed_product(hidden_gradient, channels, channels, normed, channels, channels,
                               rows, partial);
        add_rows(hidden_gradient, rows, channels, partial + 2 * square);
        add_rows(gradient, rows, channels, partial + 2 * square + channels);
        finish(begin, rows, scratch, residual, input_gradient);
    }

    /// From the hidden layer's gradient (scratch.other) to the input's.
    void finish(std::size_t begin, std::size_t rows, Scratch& scratch, const float* residual,
                float* input_gradient) {
        const std::size_t channels = mix_.channels;
        float* normed_gradient = scratch.hidden.data();
        multiply(scratch.other.data(), channels, rows, first_, normed_gradient, channels);
        if (!out_.add_residual) {
            scratch.scaled.zero();
            residual = scratch.scaled.data();
        }
        if (mix_.norm_weight != nullptr) {
            normalise_rows_backward(normed_gradient, scratch.normed.data(), saved_.inverses + begin,
                                    residual, rows, channels, input_gradient);
        } else {
            add_scaled_rows(residual, normed_gradient, nullptr, rows, channels, input_gradient);
        }
    }

    /// Gradients of the folded maps -> gradients of the parameters.
    void unfold(const float* sums) {
        const std::size_t channels = mix_.channels;
        const float* first = sums;
        const float* second = sums + channels * channels;
        const float* first_bias = second + channels * channels;
        const float* second_bias = first_bias + channels;
        std::memcpy(out_.first_bias, first_bias, channels * sizeof(float));
        if (mix_.norm_weight != nullptr) {
            std::fill_n(out_.norm_weight, channels, 0.0F);
            std::fill_n(out_.norm_bias, channels, 0.0F);
        }
        for (std::size_t o = 0; o < channels; ++o) {
            out_.second_bias[o] = second_bias[o] * mix_.scale[o];
            float scale = second_bias[o] * mix_.second_bias[o];
            for (std::size_t i = 0; i < channels; ++i) {
                const std::size_t at = o * channels + i;
                scale += second[at] * mix_.second[at];
                out_.second[at] = second[at] * mix_.scale[o];
                out_.first[at] = first[at];
                if (mix_.norm_weight != nullptr) {
                    out_.first[at] =
                        first[at] * mix_.norm_weight[i] + first_bias[o] * mix_.norm_bias[i];
                    out_.norm_weight[i] += first[at] * mix_.first[at];
                    out_.norm_bias[i] += first_bias[o] * mix_.first[at];
                }
            }
            out_.scale[o] = scale;
        }
    }

    const ChannelMix& mix_;
    const ChannelMixSaved& saved_;
    const float* gradient_;
    const ChannelMixGradients& out_;
    Folded folded_;
    Factor first_, second_;
};

}  // namespace

void channel_mix_forward(const ChannelMix& mix, const float* tokens, const ChannelMixSaved* saved,
                         float* out) {
    const std::size_t channels = mix.channels;
    const Folded folded(mix);
    const Factor first(folded.first.data(), channels, channels, 1, channels,
                       folded.first_bias.data());
    const Factor second(folded.second.data(), channels, channels, 1, channels,
                        folded.second_bias.data());
    base::parallel_for(mix.points, 4 * block_rows, [&](std::size_t begin, std::size_t end) {
        Scratch scratch(channels);
        for (std::size_t row = begin; row < end; row += block_rows) {
            const std::size_t rows = std::min(block_rows, end - row);
            const std::size_t offset = row * channels;
            if (all_dropped(mix, row, rows)) {
                std::memcpy(out + offset, tokens + offset, rows * channels * sizeof(float));
                continue;
            }
            const float* normed = mix.input + offset;
            if (mix.norm_weight != nullptr) {
                normalise_rows(normed, rows, channels, scratch.normed.data(),
                               saved == nullptr ? nullptr : saved->means + row,
                               saved == nullptr ? nullptr : saved->inverses + row);
                normed = scratch.normed.data();
            }
            float* hidden = saved == nullptr ? scratch.hidden.data() : saved->hidden + offset;
            multiply(normed, channels, rows, first, hidden, channels);
            activate(mix.activation, hidden, rows * channels, scratch.other.data());
            multiply(scratch.other.data(), channels, rows, second, scratch.hidden.data(), channels);
            add_scaled_rows(tokens + offset, scratch.hidden.data(),
                            mix.row_scale == nullptr ? nullptr : mix.row_scale + row, rows,
                            channels, out + offset);
        }
    });
}

void channel_mix_backward(const ChannelMix& mix, const ChannelMixSaved& saved,
                          const float* gradient, const ChannelMixGradients& out) {
    Backward(mix, saved, gradient, out).run();
}

}  // namespace distillar::kernels
