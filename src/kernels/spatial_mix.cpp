#include "kernels/spatial_mix.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"
#include "kernels/cell_points.hpp"
#include "kernels/chunks.hpp"
#include "kernels/plane_taps.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {

namespace {

constexpr std::size_t cells_a_chunk = 256;

std::size_t size(std::int64_t count) {
    return static_cast<std::size_t>(count);
}

/// The first convolution's input; with a norm it is made in `buffer`.
const float* conv_input(const SpatialMix& mix, const SpatialMixSaved& saved, Buffer& buffer) {
    if (mix.norm_weight == nullptr) {
        return saved.cells;
    }
    const std::size_t occupied = size(mix.table->occupied);
    buffer = Buffer(occupied * mix.channels);
    base::parallel_for(occupied, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
        apply_affine(saved.cells + begin * mix.channels, mix.norm_weight, mix.norm_bias,
                     end - begin, mix.channels, buffer.data() + begin * mix.channels);
    });
    return buffer.data();
}

class Backward {
public:
    Backward(const SpatialMix& mix, const SpatialMixSaved& saved, const float* gradient,
             const SpatialMixGradients& out)
        : mix_(mix),
          table_(*mix.table),
          saved_(saved),
          gradient_(gradient),
          out_(out),
          channels_(mix.channels),
          occupied_(size(table_.occupied)),
          reached_(size(table_.reached)),
          first_(mix.first, mix.first_bias, nullptr, mix.channels),
          second_(mix.second, mix.second_bias, mix.scale, mix.channels),
          cell_gradient_(occupied_ * channels_),
          activated_(reached_ * channels_),
          hidden_gradient_(reached_ * channels_) {}

    void run() {
        Buffer sums(10 * channels_);
        sum_points();
        through_second();
        unfold_second(sums.data());
        through_first(sums.data());
        store_taps(sums.data(), nullptr, out_.first, out_.first_bias);
        to_points(sums.data());
        if (mix_.norm_weight != nullptr) {
            std::memcpy(out_.norm_weight, sums.data(), channels_ * sizeof(float));
            std::memcpy(out_.norm_bias, sums.data() + channels_, channels_ * sizeof(float));
        }
    }

private:
    void sum_points() {
        base::parallel_for(occupied_, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
            for (std::size_t cell = begin; cell < end; ++cell) {
                sum_of_points(mix_, {table_, cell}, gradient_,
                              cell_gradient_.data() + cell * channels_);
            }
        });
    }

    /// Through the second convolution and the activation, at reached cells.
    void through_second() {
        base::parallel_for(reached_, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
            for (std::size_t cell = begin; cell < end; ++cell) {
                const TapRows rows(table_.taps_first.data() + 9 * cell, cell_gradient_.data(),
                                   channels_);
                convolve_transposed(rows, second_, channels_,
                                    hidden_gradient_.data() + cell * channels_);
            }
            const std::size_t offset = begin * channels_;
            activate_backward(mix_.activation, saved_.hidden + offset, (end - begin) * channels_,
                              activated_.data() + offset, hidden_gradient_.data() + offset);
        });
    }

    /// Gradients of the second convolution with LayerScale folded in -> of its parameters.
    void unfold_second(float* sums) {
        sum_over_chunks(chunks_of(occupied_, 64, 10 * channels_), 10 * channels_, sums,
                        [&](std::size_t begin, std::size_t end, float* partial) {
                            for (std::size_t cell = begin; cell < end; ++cell) {
                                const TapRows rows(table_.taps_second.data() + 9 * cell,
                                                   activated_.data(), channels_);
                                add_tap_gradients(rows, cell_gradient_.data() + cell * channels_,
                                                  channels_, partial);
                            }
                        });
        for (std::size_t c = 0; c < channels_; ++c) {
            float scale = sums[9 * channels_ + c] * mix_.second_bias[c];
            for (std::size_t tap = 0; tap < 9; ++tap) {
                scale += sums[tap * channels_ + c] * mix_.second[9 * c + tap];
            }
            out_.scale[c] = scale;
        }
        store_taps(sums, mix_.scale, out_.second, out_.second_bias);
    }

    void through_first(float* sums) {
        Buffer buffer;
        const float* input = conv_input(mix_, saved_, buffer);
        sum_over_chunks(chunks_of(reached_, 64, 10 * channels_), 10 * channels_, sums,
                        [&](std::size_t begin, std::size_t end, float* partial) {
                            for (std::size_t cell = begin; cell < end; ++cell) {
                                const TapRows rows(table_.taps_first.data() + 9 * cell, input,
                                                   channels_);
                                add_tap_gradients(rows, hidden_gradient_.data() + cell * channels_,
                                                  channels_, partial);
                            }
                        });
    }

    void store_taps(const float* sums, const float* scale, float* kernel, float* bias) {
        for (std::size_t c = 0; c < channels_; ++c) {
            const float factor = scale == nullptr ? 1.0F : scale[c];
            for (std::size_t tap = 0; tap < 9; ++tap) {
                kernel[9 * c + tap] = sums[tap * channels_ + c] * factor;
            }
            bias[c] = sums[9 * channels_ + c] * factor;
        }
    }

    /// Through the first convolution, the mean and the norm.
    void to_points(float* sums) {
        const float* past = out_.add_residual ? gradient_ : nullptr;
        const auto body = [&](std::size_t begin, std::size_t end, float* partial) {
            Buffer cell_gradient(channels_), normed_gradient(channels_);
            for (std::size_t cell = begin; cell < end; ++cell) {
                const TapRows rows(table_.taps_second.data() + 9 * cell, hidden_gradient_.data(),
                                   channels_);
                convolve_transposed(rows, first_, channels_, cell_gradient.data());
                add_norm_gradients(cell_gradient.data(), saved_.cells + cell * channels_, channels_,
                                   partial);
                const CellPoints points(table_, cell);
                share_gradient(cell_gradient.data(), mix_.norm_weight,
                               1.0F / static_cast<float>(points.count()), channels_,
                               normed_gradient.data());
                spread_to_points(mix_, saved_, points, normed_gradient.data(), past, out_.input);
            }
        };
        sum_over_chunks(chunks_of(occupied_, 64, 2 * channels_), 2 * channels_, sums, body);
    }

    const SpatialMix& mix_;
    const PlaneTable& table_;
    const SpatialMixSaved& saved_;
    const float* gradient_;
    const SpatialMixGradients& out_;
    std::size_t channels_, occupied_, reached_;
    TapWeights first_, second_;
    Buffer cell_gradient_, activated_, hidden_gradient_;
};

}  // namespace

void spatial_mix_forward(const SpatialMix& mix, const float* tokens, const SpatialMixSaved& saved,
                         float* out) {
    const PlaneTable& table = *mix.table;
    const std::size_t channels = mix.channels;
    const std::size_t reached = size(table.reached);
    const TapWeights first(mix.first, mix.first_bias, nullptr, channels);
    const TapWeights second(mix.second, mix.second_bias, mix.scale, channels);
    base::parallel_for(
        size(table.occupied), cells_a_chunk, [&](std::size_t begin, std::size_t end) {
            for (std::size_t cell = begin; cell < end; ++cell) {
                mean_of_cell(mix, saved, {table, cell}, saved.cells + cell * channels);
            }
        });
    Buffer buffer;
    const float* input = conv_input(mix, saved, buffer);
    Buffer activated(reached * channels);
    base::parallel_for(reached, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
        for (std::size_t cell = begin; cell < end; ++cell) {
            const TapRows rows(table.taps_first.data() + 9 * cell, input, channels);
            convolve(rows, first, channels, saved.hidden + cell * channels);
        }
        const std::size_t offset = begin * channels;
        activate(mix.activation, saved.hidden + offset, (end - begin) * channels,
                 activated.data() + offset);
    });
    base::parallel_for(
        size(table.occupied), cells_a_chunk, [&](std::size_t begin, std::size_t end) {
            Buffer value(channels);
            for (std::size_t cell = begin; cell < end; ++cell) {
                const TapRows rows(table.taps_second.data() + 9 * cell, activated.data(), channels);
                convolve(rows, second, channels, value.data());
                add_to_points(mix, {table, cell}, tokens, value.data(), out);
            }
        });
}

void spatial_mix_backward(const SpatialMix& mix, const SpatialMixSaved& saved,
                          const float* gradient, const SpatialMixGradients& out) {
    Backward(mix, saved, gradient, out).run();
}

}  // namespace distillar::kernels
