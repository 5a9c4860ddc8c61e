#include "kernels/layer_norm.hpp"

#include <cmath>

namespace distillar::kernels {

namespace {

DISTILLAR_INLINE RowMoments moments_of(const float* row, std::size_t channels) {
    Lanes sums{};
    std::size_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
        sums += load(row + c);
    }
    float sum = total(sums);
    for (; c < channels; ++c) {
        sum += row[c];
    }
    const float mean = sum / static_cast<float>(channels);
    Lanes squares{};
    for (c = 0; c + lanes <= channels; c += lanes) {
        const Lanes centred = load(row + c) - mean;
        squares += centred * centred;
    }
    float square = total(squares);
    for (; c < channels; ++c) {
        square += (row[c] - mean) * (row[c] - mean);
    }
    const float variance = square / static_cast<float>(channels);
    return {mean, 1.0F / std::sqrt(variance + norm_epsilon)};
}

DISTILLAR_INLINE void normalise(const float* __restrict x, std::size_t channels,
                                const RowMoments& moments, float* __restrict normed) {
    for (std::size_t c = 0; c < channels; ++c) {
        normed[c] = (x[c] - moments.mean) * moments.inverse;
    }
}

}  // namespace

DISTILLAR_MULTIVERSION
RowMoments row_moments(const float* row, std::size_t channels) {
    return moments_of(row, channels);
}

DISTILLAR_MULTIVERSION
void normalise_rows(const float* x, std::size_t rows, std::size_t channels, float* normed,
                    float* means, float* inverses) {
    for (std::size_t i = 0; i < rows; ++i) {
        const RowMoments moments = moments_of(x + i * channels, channels);
        normalise(x + i * channels, channels, moments, normed + i * channels);
        if (means != nullptr) {
            means[i] = moments.mean;
            inverses[i] = moments.inverse;
        }
    }
}

DISTILLAR_MULTIVERSION
void normalise_rows_again(const float* x, std::size_t rows, std::size_t channels,
                          const float* means, const float* inverses, float* normed) {
    for (std::size_t i = 0; i < rows; ++i) {
        normalise(x + i * channels, channels, {means[i], inverses[i]}, normed + i * channels);
    }
}

DISTILLAR_MULTIVERSION
void normalise_rows_backward(const float* g, const float* normed, const float* inverses,
                             const float* base, std::size_t rows, std::size_t channels,
                             float* out) {
    const float share = 1.0F / static_cast<float>(channels);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* __restrict gradient = g + i * channels;
        const float* __restrict row = normed + i * channels;
        Lanes sums{}, products{};
        std::size_t c = 0;
        for (; c + lanes <= channels; c += lanes) {
            sums += load(gradient + c);
            products += load(gradient + c) * load(row + c);
        }
        float sum = total(sums);
        float product = total(products);
        for (; c < channels; ++c) {
            sum += gradient[c];
            product += gradient[c] * row[c];
        }
        const float mean = sum * share;
        const float slope = product * share;
        const float* __restrict past = base + i * channels;
        float* __restrict result = out + i * channels;
        for (c = 0; c < channels; ++c) {
            result[c] = past[c] + inverses[i] * (gradient[c] - mean - row[c] * slope);
        }
    }
}

}  // namespace distillar::kernels
