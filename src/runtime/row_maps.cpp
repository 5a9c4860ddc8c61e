#include "runtime/row_maps.hpp"

#include "kernels/rows.hpp"
#include "runtime/byte_maps.hpp"

#define HWY_TARGET_INCLUDE "runtime/row_maps.cpp"
#include "kernels/simd-inl.hpp"
// After Highway's own headers.
#include "kernels/bf16-inl.hpp"
#include "kernels/bytes-inl.hpp"
#include "kernels/layer_norm-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::runtime::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
namespace simd = kernels::HWY_NAMESPACE;
using kernels::Bf16;

template <typename Out>
HWY_INLINE void map_into(const NarrowMap& map, const float* x, std::size_t rows, Out* out) {
    for (std::size_t row = 0; row < rows; ++row) {
        const float* values = x + row * map.inputs;
        Out* mapped = out + row * map.channels;
        simd::for_columns(map.channels, [&](auto d, std::size_t c) HWY_ATTR {
            auto sum = hn::LoadU(d, map.bias + c);
            for (std::size_t j = 0; j < map.inputs; ++j) {
                const auto factors = hn::LoadU(d, map.map + j * map.channels + c);
                sum = hn::MulAdd(hn::Set(d, values[j]), factors, sum);
            }
            simd::store(map.relu ? hn::Max(sum, hn::Zero(d)) : sum, d, mapped + c);
        });
    }
}

void map_rows(const NarrowMap& map, const float* x, std::size_t rows, float* out) {
    map_into(map, x, rows, out);
}

void map_rows_bf16(const NarrowMap& map, const float* x, std::size_t rows, Bf16* out) {
    map_into(map, x, rows, out);
}

void map_rows_bytes(const NarrowMap& map, const float* x, std::size_t rows, std::uint8_t* out) {
    map_into(map, x, rows, out);
}

void add_cells(const float* values, const std::int32_t* cell_of_point, std::size_t rows,
               std::size_t channels, float* tokens) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float* value = values + static_cast<std::size_t>(cell_of_point[i]) * channels;
        float* row = tokens + i * channels;
        simd::for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            hn::StoreU(hn::Add(hn::LoadU(d, row + c), hn::LoadU(d, value + c)), d, row + c);
        });
    }
}

void normalise_rows(const float* x, std::size_t rows, std::size_t channels, Bf16* out) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x + i * channels;
        Bf16* normed = out + i * channels;
        const kernels::RowMoments moments = simd::moments_of(row, channels);
        simd::for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            simd::store(simd::normalised(d, row + c, moments), d, normed + c);
        });
    }
}

void convert(const float* values, std::size_t count, Bf16* out) {
    simd::for_columns(count, [&](auto d, std::size_t i)
                                 HWY_ATTR { simd::store(hn::LoadU(d, values + i), d, out + i); });
}

void bytes_of_rows(const float* x, std::size_t rows, std::size_t channels,
                   const float* inverse_steps, bool normalised, std::uint8_t* out) {
    const float zero = zero_of(ByteKind::around_middle, 1);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x + i * channels;
        std::uint8_t* bytes = out + i * channels;
        const auto moments =
            normalised ? simd::moments_of(row, channels) : kernels::RowMoments{0, 1};
        simd::for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            const auto value = simd::normalised(d, row + c, moments);
            const auto factor = hn::LoadU(d, inverse_steps + c);
            simd::store(hn::MulAdd(value, factor, hn::Set(d, zero)), d, bytes + c);
        });
    }
}

}  // namespace
}  // namespace distillar::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::runtime {

HWY_EXPORT(map_rows);
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, float* out) {
    HWY_DYNAMIC_DISPATCH(map_rows)(map, x, rows, out);
}

HWY_EXPORT(map_rows_bf16);
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, kernels::Bf16* out) {
    HWY_DYNAMIC_DISPATCH(map_rows_bf16)(map, x, rows, out);
}

HWY_EXPORT(map_rows_bytes);
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, std::uint8_t* out) {
    HWY_DYNAMIC_DISPATCH(map_rows_bytes)(map, x, rows, out);
}

HWY_EXPORT(add_cells);
void add_cells(const float* values, const std::int32_t* cell_of_point, std::size_t rows,
               std::size_t channels, float* tokens) {
    HWY_DYNAMIC_DISPATCH(add_cells)(values, cell_of_point, rows, channels, tokens);
}

void scale_row(const float* factor, const float* shift, std::size_t channels, float* values) {
    kernels::apply_affine(values, factor, shift, 1, channels, values);
}

HWY_EXPORT(normalise_rows);
void normalise_rows(const float* x, std::size_t rows, std::size_t channels, kernels::Bf16* out) {
    HWY_DYNAMIC_DISPATCH(normalise_rows)(x, rows, channels, out);
}

HWY_EXPORT(convert);
void convert(const float* values, std::size_t count, kernels::Bf16* out) {
    HWY_DYNAMIC_DISPATCH(convert)(values, count, out);
}

HWY_EXPORT(bytes_of_rows);
void bytes_of_rows(const float* x, std::size_t rows, std::size_t channels,
                   const float* inverse_steps, bool normalised, std::uint8_t* out) {
    HWY_DYNAMIC_DISPATCH(bytes_of_rows)(x, rows, channels, inverse_steps, normalised, out);
}

}  // namespace distillar::runtime
#endif
