#include "runtime/row_maps.hpp"

#include "kernels/layer_norm.hpp"
#include "runtime/byte_maps.hpp"

namespace distillar::runtime {

namespace {

using kernels::at;
using kernels::Bf16;
using kernels::Lanes;
using kernels::lanes;
using kernels::load;

DISTILLAR_INLINE void store(const Lanes& values, float* out) {
    at(out) = values;
}
DISTILLAR_INLINE void store(const Lanes& values, Bf16* out) {
    kernels::store_bf16(values, out);
}
/// Within 0 to 255, rounded half up (conversion cuts, and values are not negative by then).
DISTILLAR_INLINE void store(const Lanes& values, std::uint8_t* out) {
    typedef std::int32_t Integers __attribute__((vector_size(64)));
    typedef std::uint8_t Bytes __attribute__((vector_size(16), aligned(1), may_alias));
    const Lanes positive = values > 0 ? values : Lanes{};
    const Lanes kept = positive < 255 ? positive : Lanes{} + 255;
    *reinterpret_cast<Bytes*>(out) =
        __builtin_convertvector(__builtin_convertvector(kept + 0.5F, Integers), Bytes);
}
DISTILLAR_INLINE void store(float value, std::uint8_t* out) {
    const float positive = value > 0 ? value : 0.0F;
    *out = static_cast<std::uint8_t>((positive < 255 ? positive : 255.0F) + 0.5F);
}
DISTILLAR_INLINE void store(float value, float* out) {
    *out = value;
}
DISTILLAR_INLINE void store(float value, Bf16* out) {
    *out = kernels::to_bf16(value);
}

template <typename Out>
DISTILLAR_INLINE void map_into(const NarrowMap& map, const float* x, std::size_t rows, Out* out) {
    const std::size_t channels = map.channels;
    for (std::size_t row = 0; row < rows; ++row) {
        const float* values = x + row * map.inputs;
        std::size_t c = 0;
        for (; c + lanes <= channels; c += lanes) {
            Lanes sum = load(map.bias + c);
            for (std::size_t j = 0; j < map.inputs; ++j) {
                sum += values[j] * load(map.map + j * channels + c);
            }
            store(map.relu ? (sum > 0 ? sum : Lanes{}) : sum, out + row * channels + c);
        }
        for (; c < channels; ++c) {
            float sum = map.bias[c];
            for (std::size_t j = 0; j < map.inputs; ++j) {
                sum += values[j] * map.map[j * channels + c];
            }
            store(map.relu && !(sum > 0) ? 0.0F : sum, out + row * channels + c);
        }
    }
}

}  // namespace

DISTILLAR_MULTIVERSION
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, float* out) {
    map_into(map, x, rows, out);
}

DISTILLAR_MULTIVERSION
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, Bf16* out) {
    map_into(map, x, rows, out);
}

DISTILLAR_MULTIVERSION
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, std::uint8_t* out) {
    map_into(map, x, rows, out);
}

DISTILLAR_MULTIVERSION
void add_cells(const float* values, const std::int32_t* cell_of_point, std::size_t rows,
               std::size_t channels, float* tokens) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float* __restrict value =
            values + static_cast<std::size_t>(cell_of_point[i]) * channels;
        float* __restrict row = tokens + i * channels;
        for (std::size_t c = 0; c < channels; ++c) {
            row[c] += value[c];
        }
    }
}

DISTILLAR_MULTIVERSION
void scale_row(const float* __restrict factor, const float* __restrict shift, std::size_t channels,
               float* __restrict values) {
    for (std::size_t c = 0; c < channels; ++c) {
        values[c] = values[c] * factor[c] + shift[c];
    }
}

DISTILLAR_MULTIVERSION
void normalise_rows(const float* x, std::size_t rows, std::size_t channels, Bf16* out) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x + i * channels;
        const kernels::RowMoments moments = kernels::row_moments(row, channels);
        std::size_t c = 0;
        for (; c + lanes <= channels; c += lanes) {
            kernels::store_bf16((load(row + c) - moments.mean) * moments.inverse,
                                out + i * channels + c);
        }
        for (; c < channels; ++c) {
            out[i * channels + c] = kernels::to_bf16((row[c] - moments.mean) * moments.inverse);
        }
    }
}

DISTILLAR_MULTIVERSION
void convert(const float* values, std::size_t count, Bf16* out) {
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        kernels::store_bf16(load(values + i), out + i);
    }
    for (; i < count; ++i) {
        out[i] = kernels::to_bf16(values[i]);
    }
}

DISTILLAR_MULTIVERSION
void bytes_of_rows(const float* x, std::size_t rows, std::size_t channels,
                   const float* inverse_steps, bool normalised, std::uint8_t* out) {
    const float zero = zero_of(ByteKind::around_middle, 1);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x + i * channels;
        std::uint8_t* to = out + i * channels;
        const kernels::RowMoments moments =
            normalised ? kernels::row_moments(row, channels) : kernels::RowMoments{0, 1};
        std::size_t c = 0;
        for (; c + lanes <= channels; c += lanes) {
            const Lanes factor = moments.inverse * load(inverse_steps + c);
            store((load(row + c) - moments.mean) * factor + zero, to + c);
        }
        for (; c < channels; ++c) {
            const float factor = moments.inverse * inverse_steps[c];
            store((row[c] - moments.mean) * factor + zero, to + c);
        }
    }
}

}  // namespace distillar::runtime
