#include "runtime/byte_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/gemm.hpp"

namespace distillar::runtime {

namespace {

/// Never 0: a channel that is always 0 may have any step.
constexpr float smallest = 1e-12F;

Values largest_values(const SourceRows& source) {
    Values largest(source.channels, smallest);
    for (std::size_t row = 0; row < source.rows; ++row) {
        for (std::size_t c = 0; c < source.channels; ++c) {
            const float value = std::abs(source.values[row * source.channels + c]);
            largest[c] = std::max(largest[c], value);
        }
    }
    return largest;
}

Values largest_weights(const FoldedLinear& linear) {
    Values largest(linear.inputs, smallest);
    for (std::size_t i = 0; i < linear.weight.size(); ++i) {
        float& value = largest[i % linear.inputs];
        value = std::max(value, std::abs(linear.weight[i]));
    }
    return largest;
}

/// step_i ~ values_i^share / weights_i^(1 - share), as small as the largest value allows, times
/// `clip`. With share 1 every channel fills its bytes; with 0 every channel's weights do.
Values balanced_steps(const Values& values, const Values& weights, float share, float clip,
                      ByteKind kind) {
    Values steps(values.size());
    float widest = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i] = std::pow(values[i], share) / std::pow(weights[i], 1 - share);
        widest = std::max(widest, values[i] / steps[i]);
    }
    const float levels = kind == ByteKind::relu ? 255 : 127;
    for (float& step : steps) {
        step = std::max(step * widest / levels * clip, smallest);
    }
    return steps;
}

/// GELU's: from -0.17 to the largest value, less one byte that rounding of the zero may take.
Values equal_steps(const Values& values, float clip) {
    const float largest = *std::max_element(values.begin(), values.end());
    return Values(values.size(), (largest * clip + 0.17F) / 254);
}

}  // namespace

double squared_difference(const Values& a, const Values& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = double{a[i]} - b[i];
        sum += difference * difference;
    }
    return sum;
}

Values exact_product(const SourceRows& source, const FoldedLinear& linear) {
    const kernels::Factor factor(linear.weight.data(), linear.inputs, linear.outputs, 1,
                                 linear.inputs, linear.bias.data());
    Values product(source.rows * linear.outputs);
    kernels::multiply(source.values.data(), source.channels, source.rows, factor, product.data(),
                      linear.outputs);
    return product;
}

Values byte_product(const SourceRows& source, const FoldedLinear& linear, const Values& steps,
                    ByteKind kind) {
    const float zero = zero_of(kind, steps.front());
    const kernels::ByteWeight bytes = byte_weight(linear, steps, zero, nullptr);
    FoldedLinear in_floats{linear.inputs, linear.outputs, {}, bytes.shift};
    in_floats.weight.assign(bytes.weight.begin(), bytes.weight.end());
    const Values inverses = inverses_of(steps);
    SourceRows rounded = source;
    for (std::size_t row = 0; row < source.rows; ++row) {
        float* values = rounded.values.data() + row * source.channels;
        for (std::size_t c = 0; c < source.channels; ++c) {
            const float byte = std::clamp(values[c] * inverses[c] + zero, 0.0F, 255.0F);
            values[c] = static_cast<float>(static_cast<int>(byte + 0.5F));
        }
    }
    Values product = exact_product(rounded, in_floats);
    for (std::size_t row = 0; row < source.rows; ++row) {
        for (std::size_t o = 0; o < linear.outputs; ++o) {
            product[row * linear.outputs + o] *= bytes.scale[o];
        }
    }
    return product;
}

Values choose_steps(const SourceRows& source, const FoldedLinear& linear, ByteKind kind) {
    const Values values = largest_values(source);
    const Values weights = largest_weights(linear);
    const Values exact = exact_product(source, linear);
    Values best;
    double least = std::numeric_limits<double>::infinity();
    const auto consider = [&](Values steps) {
        const double error = squared_difference(byte_product(source, linear, steps, kind), exact);
        if (best.empty() || error < least) {
            least = error;
            best = std::move(steps);
        }
    };
    for (const float clip : {1.0F, 0.85F, 0.7F, 0.5F}) {
        if (kind == ByteKind::gelu) {
            consider(equal_steps(values, clip));
            continue;
        }
        for (const float share : {1.0F, 0.75F, 0.5F, 0.25F, 0.0F}) {
            consider(balanced_steps(values, weights, share, clip, kind));
        }
    }
    return best;
}

}  // namespace distillar::runtime
