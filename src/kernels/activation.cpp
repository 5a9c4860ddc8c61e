#include "kernels/activation.hpp"

#define HWY_TARGET_INCLUDE "kernels/activation.cpp"
#include "kernels/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

/// exp(x) for x <= 0, relative error below 2e-7; 0 below -87.
template <typename D, typename V = hn::Vec<D>>
HWY_INLINE V exp_of_negative(D d, V x) {
    const V lowest = hn::Set(d, -87.0F);
    const V rounder = hn::Set(d, 12582912.0F);  // 1.5 * 2^23: adding it rounds to an integer
    const V clamped = hn::Max(x, lowest);
    const V n = hn::Sub(hn::MulAdd(clamped, hn::Set(d, 1.44269504F), rounder), rounder);
    const V high = hn::NegMulAdd(n, hn::Set(d, 0.693359375F), clamped);  // ln 2 in two parts
    const V r = hn::MulAdd(n, hn::Set(d, 2.12194440e-4F), high);
    V p = hn::Set(d, 1.0F / 720);
    p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 120));
    p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 24));
    p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 6));
    p = hn::MulAdd(p, r, hn::Set(d, 0.5F));
    p = hn::MulAdd(p, r, hn::Set(d, 1.0F));
    p = hn::MulAdd(p, r, hn::Set(d, 1.0F));
    const hn::RebindToSigned<D> integers;
    const auto biased = hn::Add(hn::ConvertTo(integers, n), hn::Set(integers, 127));
    const V power = hn::BitCast(d, hn::ShiftLeft<23>(biased));
    return hn::IfThenZeroElse(hn::Lt(x, lowest), hn::Mul(p, power));
}

/// Normal distribution at x: probability below x, and density. Absolute error below 2e-7
/// (erfc as in Abramowitz and Stegun 7.1.26).
template <typename V>
struct Normal {
    V below, density;
};
template <typename D, typename V = hn::Vec<D>>
HWY_INLINE Normal<V> normal_at(D d, V x) {
    const V one = hn::Set(d, 1.0F);
    const V gauss = exp_of_negative(d, hn::Mul(hn::Mul(hn::Set(d, -0.5F), x), x));
    const V step = hn::Set(d, 0.3275911F * 0.70710678F);
    const V t = hn::Div(one, hn::MulAdd(step, hn::Abs(x), one));
    V polynomial = hn::Set(d, 1.061405429F);
    polynomial = hn::MulAdd(polynomial, t, hn::Set(d, -1.453152027F));
    polynomial = hn::MulAdd(polynomial, t, hn::Set(d, 1.421413741F));
    polynomial = hn::MulAdd(polynomial, t, hn::Set(d, -0.284496736F));
    polynomial = hn::MulAdd(polynomial, t, hn::Set(d, 0.254829592F));
    polynomial = hn::Mul(polynomial, t);
    const V tail = hn::Mul(hn::Mul(hn::Set(d, 0.5F), polynomial), gauss);
    const V below = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(one, tail));
    return {below, hn::Mul(hn::Set(d, 0.39894228F), gauss)};
}

void activate(Activation activation, const float* x, std::size_t count, float* out) {
    if (activation == Activation::relu) {
        for_columns(count, [&](auto d, std::size_t i) HWY_ATTR {
            hn::StoreU(hn::Max(hn::LoadU(d, x + i), hn::Zero(d)), d, out + i);
        });
        return;
    }
    for_columns(count, [&](auto d, std::size_t i) HWY_ATTR {
        const auto value = hn::LoadU(d, x + i);
        hn::StoreU(hn::Mul(value, normal_at(d, value).below), d, out + i);
    });
}

void activate_backward(Activation activation, const float* x, std::size_t count, float* out,
                       float* gradient) {
    if (activation == Activation::relu) {
        for_columns(count, [&](auto d, std::size_t i) HWY_ATTR {
            const auto value = hn::LoadU(d, x + i);
            const auto slope = hn::LoadU(d, gradient + i);
            hn::StoreU(hn::Max(value, hn::Zero(d)), d, out + i);
            hn::StoreU(hn::IfThenElseZero(hn::Gt(value, hn::Zero(d)), slope), d, gradient + i);
        });
        return;
    }
    for_columns(count, [&](auto d, std::size_t i) HWY_ATTR {
        const auto value = hn::LoadU(d, x + i);
        const auto normal = normal_at(d, value);
        const auto slope = hn::MulAdd(value, normal.density, normal.below);
        hn::StoreU(hn::Mul(value, normal.below), d, out + i);
        hn::StoreU(hn::Mul(hn::LoadU(d, gradient + i), slope), d, gradient + i);
    });
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::kernels {

HWY_EXPORT(activate);
void activate(Activation activation, const float* x, std::size_t count, float* out) {
    HWY_DYNAMIC_DISPATCH(activate)(activation, x, count, out);
}

HWY_EXPORT(activate_backward);
void activate_backward(Activation activation, const float* x, std::size_t count, float* out,
                       float* gradient) {
    HWY_DYNAMIC_DISPATCH(activate_backward)(activation, x, count, out, gradient);
}

}  // namespace distillar::kernels
#endif
