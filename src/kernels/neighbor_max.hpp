#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace distillar::kernels {

/// out[i] = max over k of W relu(A (x[neighbor k of i] - x[i]) + a), elementwise. The K times
/// larger intermediates exist for a few points at a time only; the backward pass recomputes them.
struct NeighborMax {
    std::size_t points = 0;
    std::size_t neighbors = 0;              ///< K, 1 to 255
    std::size_t inputs = 0;                 ///< Cin
    std::size_t channels = 0;               ///< C
    const float* features = nullptr;        ///< x, N x Cin
    const std::int64_t* indices = nullptr;  ///< N x K, rows of x
    const float* map = nullptr;             ///< A, C x Cin
    const float* shift = nullptr;           ///< a, C
    const float* weight = nullptr;          ///< W, C x C
};

/// @param winners  N x C: the first k that reaches the maximum, for the backward pass; may be null.
void neighbor_max_forward(const NeighborMax& layer, float* out, std::uint8_t* winners);

struct NeighborMaxGradients {
    float* map = nullptr;     ///< C x Cin
    float* shift = nullptr;   ///< C
    float* weight = nullptr;  ///< C x C
    /// N x K x Cin, of the differences; null if the features need no gradient.
    float* differences = nullptr;
};

void neighbor_max_backward(const NeighborMax& layer, const std::uint8_t* winners,
                           const float* gradient, const NeighborMaxGradients& out);

/// Mean (Cin) and covariance over n (Cin x Cin) of all N x K differences, in float64.
struct DifferenceMoments {
    std::vector<double> mean, covariance;
};
DifferenceMoments difference_moments(const float* features, const std::int64_t* indices,
                                     std::size_t points, std::size_t neighbors, std::size_t inputs);

}  // namespace distillar::kernels
