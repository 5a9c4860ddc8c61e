/// Vector kernels against plain loops in float64, for every instruction set of this processor, at
/// sizes that are no multiple of a vector and at addresses that are no multiple of its width.
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "fuzz/target.hpp"
#include "kernels/activation.hpp"
#include "kernels/rows.hpp"

using namespace distillar;

namespace {

using kernels::Activation;
using Values = std::vector<float>;

struct Case {
    std::size_t rows = 0, columns = 0, offset = 0;
    Values x, y, factors;

    std::size_t count() const { return rows * columns; }
    /// Not aligned to more than a float.
    const float* first() const { return x.data() + offset; }
    const float* second() const { return y.data() + offset; }
};

/// -128 to 128 in steps of 1/256.
Values values_from(fuzz::Input& input, std::size_t count) {
    Values values(count);
    for (auto& value : values) {
        value = static_cast<float>(input.take<std::int16_t>()) / 256;
    }
    return values;
}

Case case_from(fuzz::Bytes bytes) {
    constexpr std::size_t most_rows = 6, most_columns = 70, most_offset = 15;
    fuzz::Input input(bytes);
    Case made;
    made.rows = input.up_to(most_rows);
    made.columns = input.up_to(most_columns);
    made.offset = input.up_to(most_offset);
    made.factors = values_from(input, made.rows);
    made.x = values_from(input, made.count() + made.offset);
    made.y = values_from(input, made.count() + made.offset);
    return made;
}

void require_near(double value, double wanted, double scale) {
    fuzz::require(std::abs(value - wanted) <= 2e-6 * std::max(1.0, scale), "a kernel is off");
}

void check_rows(const Case& made) {
    const std::size_t count = made.count();
    Values sum(made.columns), scaled(count), added(count), mapped(count);
    const float *x = made.first(), *y = made.second();
    kernels::add_rows(x, made.rows, made.columns, sum.data());
    kernels::scale_rows(x, made.factors.data(), made.rows, made.columns, scaled.data());
    kernels::add_scaled_rows(x, y, made.factors.data(), made.rows, made.columns, added.data());
    kernels::apply_affine(x, y, y, made.rows, made.columns, mapped.data());
    std::vector<double> expected(made.columns);
    for (std::size_t i = 0; i < count; ++i) {
        const double factor = made.factors[i / made.columns];
        const std::size_t column = i % made.columns;
        expected[column] += x[i];
        require_near(scaled[i], factor * x[i], std::abs(factor * x[i]));
        require_near(added[i], x[i] + factor * y[i], std::abs(x[i]) + std::abs(factor * y[i]));
        require_near(mapped[i], static_cast<double>(x[i]) * y[column] + y[column],
                     std::abs(static_cast<double>(x[i]) * y[column]));
    }
    for (std::size_t c = 0; c < made.columns; ++c) {
        require_near(sum[c], expected[c], 128.0 * static_cast<double>(made.rows));
    }
}

double value_of(Activation activation, double x) {
    return activation == Activation::relu ? std::max(x, 0.0)
                                          : 0.5 * x * std::erfc(-x / std::sqrt(2.0));
}

double slope_of(Activation activation, double x) {
    if (activation == Activation::relu) {
        return x > 0 ? 1 : 0;
    }
    const double density = std::exp(-0.5 * x * x) / std::sqrt(2 * std::acos(-1.0));
    return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * density;
}

void check_activation(const Case& made, Activation activation) {
    const std::size_t count = made.count();
    Values out(count), out_again(count), gradient(made.second(), made.second() + count);
    kernels::activate(activation, made.first(), count, out.data());
    kernels::activate_backward(activation, made.first(), count, out_again.data(), gradient.data());
    fuzz::require(out == out_again, "both passes must give the same activation");
    for (std::size_t i = 0; i < count; ++i) {
        const double x = made.first()[i], wanted = slope_of(activation, x) * made.second()[i];
        require_near(out[i], value_of(activation, x), std::abs(x));
        require_near(gradient[i], wanted, std::abs(made.second()[i]) * (1 + std::abs(x)));
    }
}

void choose(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

FUZZ_TARGET(kernels) {
    const Case made = case_from(bytes);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        choose(target);
        check_rows(made);
        check_activation(made, Activation::relu);
        check_activation(made, Activation::gelu);
    }
    choose(0);
}
