#include "kernels/cell_points.hpp"

#include <cstring>

#define HWY_TARGET_INCLUDE "kernels/cell_points.cpp"
#include "kernels/simd-inl.hpp"
// After Highway's own headers.
#include "kernels/layer_norm-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

/// Asks for the first cache lines of a row; the rest follows by itself.
HWY_INLINE void prefetch(const float* row, std::size_t channels) {
    constexpr std::size_t line = 16;
    for (std::size_t c = 0; c < channels && c < 4 * line; c += line) {
        __builtin_prefetch(row + c);
    }
}

void mean_of_cell(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                  float* mean) {
    const std::size_t channels = mix.channels;
    std::memset(mean, 0, channels * sizeof(float));
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(mix.input + points.later(point) * channels, channels);
        const float* row = mix.input + index * channels;
        RowMoments moments{0, 1};
        if (mix.norm_weight != nullptr) {
            moments = moments_of(row, channels);
            saved.means[index] = moments.mean;
            saved.inverses[index] = moments.inverse;
        }
        for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            const auto centred = hn::Sub(hn::LoadU(d, row + c), hn::Set(d, moments.mean));
            hn::StoreU(hn::MulAdd(centred, hn::Set(d, moments.inverse), hn::LoadU(d, mean + c)), d,
                       mean + c);
        });
    }
    const float share = 1.0F / static_cast<float>(points.count());
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        hn::StoreU(hn::Mul(hn::LoadU(d, mean + c), hn::Set(d, share)), d, mean + c);
    });
}

void add_to_points(const SpatialMix& mix, const CellPoints& points, const float* tokens,
                   const float* value, float* out) {
    const std::size_t channels = mix.channels;
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(tokens + points.later(point) * channels, channels);
        prefetch(out + points.later(point) * channels, channels);
        const float factor = mix.row_scale == nullptr ? 1.0F : mix.row_scale[index];
        const float* past = tokens + index * channels;
        float* row = out + index * channels;
        for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            hn::StoreU(
                hn::MulAdd(hn::Set(d, factor), hn::LoadU(d, value + c), hn::LoadU(d, past + c)), d,
                row + c);
        });
    }
}

void sum_of_points(const SpatialMix& mix, const CellPoints& points, const float* gradient,
                   float* sum) {
    const std::size_t channels = mix.channels;
    std::memset(sum, 0, channels * sizeof(float));
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(gradient + points.later(point) * channels, channels);
        const float factor = mix.row_scale == nullptr ? 1.0F : mix.row_scale[index];
        const float* row = gradient + index * channels;
        for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            hn::StoreU(hn::MulAdd(hn::Set(d, factor), hn::LoadU(d, row + c), hn::LoadU(d, sum + c)),
                       d, sum + c);
        });
    }
}

/// The way back through one point's normalisation: inverse * (g - shift - normed * slope).
struct NormGradient {
    RowMoments moments{0, 1};
    float shift = 0, slope = 0;
};

/// out = past (or 0) + the gradient of one point's input.
HWY_INLINE void spread_to_point(const float* normed_gradient, const float* row,
                                const NormGradient& norm, const float* past, std::size_t channels,
                                float* out) {
    const auto gradient = [&](auto d, std::size_t c) HWY_ATTR {
        const auto centred = hn::Sub(hn::LoadU(d, normed_gradient + c), hn::Set(d, norm.shift));
        return hn::NegMulAdd(normalised(d, row + c, norm.moments), hn::Set(d, norm.slope), centred);
    };
    if (past == nullptr) {
        for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            hn::StoreU(hn::Mul(hn::Set(d, norm.moments.inverse), gradient(d, c)), d, out + c);
        });
        return;
    }
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        hn::StoreU(
            hn::MulAdd(hn::Set(d, norm.moments.inverse), gradient(d, c), hn::LoadU(d, past + c)), d,
            out + c);
    });
}

void spread_to_points(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                      const float* normed_gradient, const float* past, float* out) {
    const std::size_t channels = mix.channels;
    const float share = 1.0F / static_cast<float>(channels);
    NormGradient norm;
    if (mix.norm_weight != nullptr) {
        norm.shift =
            share * sum_of_columns(channels, [&](auto d, std::size_t c, auto sums) HWY_ATTR {
                return hn::Add(sums, hn::LoadU(d, normed_gradient + c));
            });
    }
    for (const std::int32_t* point = points.begin(); point != points.end(); ++point) {
        const auto index = static_cast<std::size_t>(*point);
        prefetch(mix.input + points.later(point) * channels, channels);
        if (past != nullptr) {
            prefetch(past + points.later(point) * channels, channels);
        }
        prefetch(out + points.later(point) * channels, channels);
        const float* row = mix.input + index * channels;
        if (mix.norm_weight != nullptr) {
            const float mean = saved.means[index];
            norm.moments = {mean, saved.inverses[index]};
            const float product =
                sum_of_columns(channels, [&](auto d, std::size_t c, auto sums) HWY_ATTR {
                    const auto centred = hn::Sub(hn::LoadU(d, row + c), hn::Set(d, mean));
                    return hn::MulAdd(hn::LoadU(d, normed_gradient + c), centred, sums);
                });
            norm.slope = product * norm.moments.inverse * share;
        }
        spread_to_point(normed_gradient, row, norm,
                        past == nullptr ? nullptr : past + index * channels, channels,
                        out + index * channels);
    }
}

void share_gradient(const float* gradient, const float* weight, float share, std::size_t channels,
                    float* out) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        const auto shared = hn::Mul(hn::LoadU(d, gradient + c), hn::Set(d, share));
        hn::StoreU(weight == nullptr ? shared : hn::Mul(shared, hn::LoadU(d, weight + c)), d,
                   out + c);
    });
}

void add_norm_gradients(const float* gradient, const float* cell, std::size_t channels,
                        float* sums) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        const auto slope = hn::LoadU(d, gradient + c);
        float* shift_sums = sums + channels + c;
        hn::StoreU(hn::MulAdd(slope, hn::LoadU(d, cell + c), hn::LoadU(d, sums + c)), d, sums + c);
        hn::StoreU(hn::Add(hn::LoadU(d, shift_sums), slope), d, shift_sums);
    });
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::kernels {

HWY_EXPORT(mean_of_cell);
void mean_of_cell(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                  float* mean) {
    HWY_DYNAMIC_DISPATCH(mean_of_cell)(mix, saved, points, mean);
}

HWY_EXPORT(add_to_points);
void add_to_points(const SpatialMix& mix, const CellPoints& points, const float* tokens,
                   const float* value, float* out) {
    HWY_DYNAMIC_DISPATCH(add_to_points)(mix, points, tokens, value, out);
}

HWY_EXPORT(sum_of_points);
void sum_of_points(const SpatialMix& mix, const CellPoints& points, const float* gradient,
                   float* sum) {
    HWY_DYNAMIC_DISPATCH(sum_of_points)(mix, points, gradient, sum);
}

HWY_EXPORT(spread_to_points);
void spread_to_points(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                      const float* normed_gradient, const float* past, float* out) {
    HWY_DYNAMIC_DISPATCH(spread_to_points)(mix, saved, points, normed_gradient, past, out);
}

HWY_EXPORT(share_gradient);
void share_gradient(const float* gradient, const float* weight, float share, std::size_t channels,
                    float* out) {
    HWY_DYNAMIC_DISPATCH(share_gradient)(gradient, weight, share, channels, out);
}

HWY_EXPORT(add_norm_gradients);
void add_norm_gradients(const float* gradient, const float* cell, std::size_t channels,
                        float* sums) {
    HWY_DYNAMIC_DISPATCH(add_norm_gradients)(gradient, cell, channels, sums);
}

}  // namespace distillar::kernels
#endif
