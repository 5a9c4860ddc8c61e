#include "kernels/batch_norm_rows.hpp"

#define HWY_TARGET_INCLUDE "kernels/batch_norm_rows.cpp"
#include "kernels/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

void add_differences(const float* x, const float* origin, std::size_t rows, std::size_t channels,
                     float* sum) {
    sum_rows(x, rows, channels, sum, [&](auto d, std::size_t c, auto row, auto total) HWY_ATTR {
        return hn::Add(total, hn::Sub(row, hn::LoadU(d, origin + c)));
    });
}

void add_squares(const float* x, const float* mean, std::size_t rows, std::size_t channels,
                 float* sum) {
    sum_rows(x, rows, channels, sum, [&](auto d, std::size_t c, auto row, auto total) HWY_ATTR {
        const auto centred = hn::Sub(row, hn::LoadU(d, mean + c));
        return hn::MulAdd(centred, centred, total);
    });
}

void add_batch_norm_gradients(const BatchNormBackward& norm, const float* gradient,
                              std::size_t begin, std::size_t end, float* sums) {
    const std::size_t channels = norm.channels;
    const float* mean = norm.mean;
    const float* inverse = norm.inverse;
    for (std::size_t i = begin; i < end; ++i) {
        const float* x = norm.x + i * channels;
        const float* g = gradient + i * channels;
        float* shift_sums = sums + channels;
        for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            const auto slope = hn::LoadU(d, g + c);
            const auto centred = hn::Sub(hn::LoadU(d, x + c), hn::LoadU(d, mean + c));
            hn::StoreU(hn::MulAdd(hn::Mul(slope, centred), hn::LoadU(d, inverse + c),
                                  hn::LoadU(d, sums + c)),
                       d, sums + c);
            hn::StoreU(hn::Add(hn::LoadU(d, shift_sums + c), slope), d, shift_sums + c);
        });
    }
}

void spread_batch_norm_gradient(const BatchNormBackward& norm, const float* gradient,
                                const float* slope, const float* shift, std::size_t begin,
                                std::size_t end, float* out) {
    for (std::size_t i = begin; i < end; ++i) {
        const float* x = norm.x + i * norm.channels;
        const float* g = gradient + i * norm.channels;
        float* result = out + i * norm.channels;
        for_columns(norm.channels, [&](auto d, std::size_t c) HWY_ATTR {
            const auto inverse = hn::LoadU(d, norm.inverse + c);
            const auto normed =
                hn::Mul(hn::Sub(hn::LoadU(d, x + c), hn::LoadU(d, norm.mean + c)), inverse);
            const auto centred = hn::Sub(hn::LoadU(d, g + c), hn::LoadU(d, shift + c));
            const auto through = hn::NegMulAdd(normed, hn::LoadU(d, slope + c), centred);
            hn::StoreU(hn::Mul(hn::Mul(hn::LoadU(d, norm.weight + c), inverse), through), d,
                       result + c);
        });
    }
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::kernels {

HWY_EXPORT(add_differences);
void add_differences(const float* x, const float* origin, std::size_t rows, std::size_t channels,
                     float* sum) {
    HWY_DYNAMIC_DISPATCH(add_differences)(x, origin, rows, channels, sum);
}

HWY_EXPORT(add_squares);
void add_squares(const float* x, const float* mean, std::size_t rows, std::size_t channels,
                 float* sum) {
    HWY_DYNAMIC_DISPATCH(add_squares)(x, mean, rows, channels, sum);
}

HWY_EXPORT(add_batch_norm_gradients);
void add_batch_norm_gradients(const BatchNormBackward& norm, const float* gradient,
                              std::size_t begin, std::size_t end, float* sums) {
    HWY_DYNAMIC_DISPATCH(add_batch_norm_gradients)(norm, gradient, begin, end, sums);
}

HWY_EXPORT(spread_batch_norm_gradient);
void spread_batch_norm_gradient(const BatchNormBackward& norm, const float* gradient,
                                const float* slope, const float* shift, std::size_t begin,
                                std::size_t end, float* out) {
    HWY_DYNAMIC_DISPATCH(spread_batch_norm_gradient)
    (norm, gradient, slope, shift, begin, end, out);
}

}  // namespace distillar::kernels
#endif
