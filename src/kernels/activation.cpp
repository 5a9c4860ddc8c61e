#include "kernels/activation.hpp"

namespace distillar::kernels {

DISTILLAR_MULTIVERSION
void activate(Activation activation, const float* x, std::size_t count, float* out) {
    if (activation == Activation::relu) {
        for (std::size_t i = 0; i < count; ++i) {
            out[i] = x[i] > 0 ? x[i] : 0.0F;
        }
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = x[i] * normal_at(x[i]).below;
    }
}

DISTILLAR_MULTIVERSION
void activate_backward(Activation activation, const float* __restrict x, std::size_t count,
                       float* __restrict out, float* __restrict gradient) {
    if (activation == Activation::relu) {
        for (std::size_t i = 0; i < count; ++i) {
            out[i] = x[i] > 0 ? x[i] : 0.0F;
            gradient[i] = x[i] > 0 ? gradient[i] : 0.0F;
        }
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        const Normal normal = normal_at(x[i]);
        out[i] = x[i] * normal.below;
        gradient[i] *= normal.below + x[i] * normal.density;
    }
}

}  // namespace distillar::kernels
