#include "runtime/byte_maps.hpp"

#include <algorithm>
#include <cmath>

namespace distillar::runtime {

ByteKind kind_of(kernels::Activation activation) {
    return activation == kernels::Activation::relu ? ByteKind::relu : ByteKind::gelu;
}

float zero_of(ByteKind kind, float step) {
    switch (kind) {
        case ByteKind::around_middle:
            return 128;
        case ByteKind::gelu:
            return std::ceil(0.17F / step);
        default:
            return 0;
    }
}

kernels::ByteWeight byte_weight(const FoldedLinear& linear, const Values& steps, float zero,
                                const Values* result_steps) {
    constexpr float largest_byte = 127;
    kernels::ByteWeight result;
    result.weight.resize(linear.weight.size());
    for (std::size_t o = 0; o < linear.outputs; ++o) {
        const float* row = linear.weight.data() + o * linear.inputs;
        float largest = 0;
        for (std::size_t i = 0; i < linear.inputs; ++i) {
            largest = std::max(largest, std::abs(row[i]) * steps[i]);
        }
        const float scale = largest > 0 ? largest / largest_byte : 1.0F;
        int sum = 0;
        for (std::size_t i = 0; i < linear.inputs; ++i) {
            const auto weight = static_cast<std::int8_t>(std::lround(row[i] * steps[i] / scale));
            result.weight[o * linear.inputs + i] = weight;
            sum += weight;
        }
        result.shift.push_back(linear.bias[o] / scale - zero * static_cast<float>(sum));
        result.scale.push_back(result_steps == nullptr ? scale : scale / (*result_steps)[o]);
    }
    return result;
}

Values inverses_of(const Values& steps) {
    Values inverses;
    for (const float step : steps) {
        inverses.push_back(1 / step);
    }
    return inverses;
}

}  // namespace distillar::runtime
