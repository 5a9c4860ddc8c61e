#include "kernels/rows.hpp"

#define HWY_TARGET_INCLUDE "kernels/rows.cpp"
#include "kernels/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

void add_rows(const float* values, std::size_t rows, std::size_t columns, float* sum) {
    sum_rows(values, rows, columns, sum,
             [](auto, std::size_t, auto row, auto total) HWY_ATTR { return hn::Add(total, row); });
}

void add_scaled_rows(const float* base, const float* values, const float* factors, std::size_t rows,
                     std::size_t columns, float* out) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float factor = factors == nullptr ? 1.0F : factors[i];
        const std::size_t at = i * columns;
        for_columns(columns, [&](auto d, std::size_t c) HWY_ATTR {
            const auto scaled = hn::MulAdd(hn::Set(d, factor), hn::LoadU(d, values + at + c),
                                           hn::LoadU(d, base + at + c));
            hn::StoreU(scaled, d, out + at + c);
        });
    }
}

void scale_rows(const float* values, const float* factors, std::size_t rows, std::size_t columns,
                float* out) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float factor = factors[i];
        const std::size_t at = i * columns;
        for_columns(columns, [&](auto d, std::size_t c) HWY_ATTR {
            hn::StoreU(hn::Mul(hn::Set(d, factor), hn::LoadU(d, values + at + c)), d, out + at + c);
        });
    }
}

void apply_affine(const float* x, const float* factor, const float* shift, std::size_t rows,
                  std::size_t columns, float* out) {
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t at = i * columns;
        for_columns(columns, [&](auto d, std::size_t c) HWY_ATTR {
            const auto mapped = hn::MulAdd(hn::LoadU(d, x + at + c), hn::LoadU(d, factor + c),
                                           hn::LoadU(d, shift + c));
            hn::StoreU(mapped, d, out + at + c);
        });
    }
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::kernels {

HWY_EXPORT(add_rows);
void add_rows(const float* values, std::size_t rows, std::size_t columns, float* sum) {
    HWY_DYNAMIC_DISPATCH(add_rows)(values, rows, columns, sum);
}

HWY_EXPORT(add_scaled_rows);
void add_scaled_rows(const float* base, const float* values, const float* factors, std::size_t rows,
                     std::size_t columns, float* out) {
    HWY_DYNAMIC_DISPATCH(add_scaled_rows)(base, values, factors, rows, columns, out);
}

HWY_EXPORT(scale_rows);
void scale_rows(const float* values, const float* factors, std::size_t rows, std::size_t columns,
                float* out) {
    HWY_DYNAMIC_DISPATCH(scale_rows)(values, factors, rows, columns, out);
}

HWY_EXPORT(apply_affine);
void apply_affine(const float* x, const float* factor, const float* shift, std::size_t rows,
                  std::size_t columns, float* out) {
    HWY_DYNAMIC_DISPATCH(apply_affine)(x, factor, shift, rows, columns, out);
}

}  // namespace distillar::kernels
#endif
