#include "runtime/row_maps.hpp"

#include "kernels/layer_norm.hpp"

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

}  // namespace distillar::runtime
