#include "kernels/cell_points.hpp"

#include <cstring>

#include "kernels/layer_norm.hpp"

namespace distillar::kernels {

namespace {

/// Asks for the first cache lines of a row; the rest follows by itself.
DISTILLAR_INLINE void prefetch(const float* row, std::size_t channels) {
    constexpr std::size_t line = 16;
    for (std::size_t c = 0; c < channels && c < 4 * line; c += line) {
        __builtin_prefetch(row + c);
    }
}

}  // namespace

/// mean = mean over the cell's points of their normalised rows; saves each point's moments.
DISTILLAR_MULTIVERSION
void mean_of_cell(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                  float* __restrict mean) {
    const std::size_t channels = mix.channels;
    std::memset(mean, 0, channels * sizeof(float));
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(mix.input + points.later(point) * channels, channels);
        const float* __restrict row = mix.input + index * channels;
        RowMoments moments{0, 1};
        if (mix.norm_weight != nullptr) {
            moments = row_moments(row, channels);
            saved.means[index] = moments.mean;
            saved.inverses[index] = moments.inverse;
        }
        for (std::size_t c = 0; c < channels; ++c) {
            mean[c] += (row[c] - moments.mean) * moments.inverse;
        }
    }
    const float share = 1.0F / static_cast<float>(points.count());
    for (std::size_t c = 0; c < channels; ++c) {
        mean[c] *= share;
    }
}

/// The first convolution's input: the cells' means with the norm's weight and bias.
DISTILLAR_MULTIVERSION
void apply_affine(const float* __restrict cells, const float* __restrict weight,
                  const float* __restrict bias, std::size_t count, std::size_t channels,
                  float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < channels; ++c) {
            out[i * channels + c] = cells[i * channels + c] * weight[c] + bias[c];
        }
    }
}

/// out[p] = tokens[p] + row_scale[p] * value for the cell's points.
DISTILLAR_MULTIVERSION
void add_to_points(const SpatialMix& mix, const CellPoints& points, const float* tokens,
                   const float* __restrict value, float* out) {
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(tokens + points.later(point) * mix.channels, mix.channels);
        prefetch(out + points.later(point) * mix.channels, mix.channels);
        const float factor = mix.row_scale == nullptr ? 1.0F : mix.row_scale[index];
        const float* __restrict past = tokens + index * mix.channels;
        float* __restrict row = out + index * mix.channels;
        for (std::size_t c = 0; c < mix.channels; ++c) {
            row[c] = past[c] + factor * value[c];
        }
    }
}

/// sum = sum over the cell's points of row_scale * gradient.
DISTILLAR_MULTIVERSION
void sum_of_points(const SpatialMix& mix, const CellPoints& points, const float* gradient,
                   float* __restrict sum) {
    std::memset(sum, 0, mix.channels * sizeof(float));
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(gradient + points.later(point) * mix.channels, mix.channels);
        const float factor = mix.row_scale == nullptr ? 1.0F : mix.row_scale[index];
        const float* __restrict row = gradient + index * mix.channels;
        for (std::size_t c = 0; c < mix.channels; ++c) {
            sum[c] += factor * row[c];
        }
    }
}

/// Gradient of a cell's mean -> of its points' inputs (and += the gradient past the branch).
/// `normed_gradient` is the gradient of each point's normalised row: the same for all of them.
DISTILLAR_MULTIVERSION
void spread_to_points(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                      const float* __restrict normed_gradient, const float* past, float* out) {
    const std::size_t channels = mix.channels;
    const float share = 1.0F / static_cast<float>(channels);
    float sum = 0;
    if (mix.norm_weight != nullptr) {
        for (std::size_t c = 0; c < channels; ++c) {
            sum += normed_gradient[c];
        }
    }
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(mix.input + points.later(point) * channels, channels);
        if (past != nullptr) {
            prefetch(past + points.later(point) * channels, channels);
        }
        prefetch(out + points.later(point) * channels, channels);
        const float* __restrict row = mix.input + index * channels;
        float mean = 0, inverse = 1, slope = 0;
        if (mix.norm_weight != nullptr) {
            mean = saved.means[index];
            inverse = saved.inverses[index];
            Lanes products{};
            std::size_t c = 0;
            for (; c + lanes <= channels; c += lanes) {
                products += load(normed_gradient + c) * (load(row + c) - mean);
            }
            float product = total(products);
            for (; c < channels; ++c) {
                product += normed_gradient[c] * (row[c] - mean);
            }
            slope = product * inverse * share;
        }
        const float shift = mix.norm_weight == nullptr ? 0.0F : sum * share;
        float* __restrict target = out + index * channels;
        const float* __restrict base = past == nullptr ? nullptr : past + index * channels;
        if (base == nullptr) {
            for (std::size_t c = 0; c < channels; ++c) {
                target[c] =
                    inverse * (normed_gradient[c] - shift - (row[c] - mean) * inverse * slope);
            }
        } else {
            for (std::size_t c = 0; c < channels; ++c) {
                target[c] = base[c] + inverse * (normed_gradient[c] - shift -
                                                 (row[c] - mean) * inverse * slope);
            }
        }
    }
}

/// out = gradient * weight * share: from a cell's mean to each of its points' normalised rows.
DISTILLAR_MULTIVERSION
void share_gradient(const float* __restrict gradient, const float* __restrict weight, float share,
                    std::size_t channels, float* __restrict out) {
    for (std::size_t c = 0; c < channels; ++c) {
        out[c] = gradient[c] * share * (weight == nullptr ? 1.0F : weight[c]);
    }
}

/// sums[0] += gradient * cell, sums[1] += gradient.
DISTILLAR_MULTIVERSION
void add_norm_gradients(const float* __restrict gradient, const float* __restrict cell,
                        std::size_t channels, float* __restrict sums) {
    for (std::size_t c = 0; c < channels; ++c) {
        sums[c] += gradient[c] * cell[c];
        sums[channels + c] += gradient[c];
    }
}

}  // namespace distillar::kernels
