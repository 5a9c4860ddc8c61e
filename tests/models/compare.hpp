#pragma once
#include <algorithm>
#include <string>

#include "models/torch.hpp"

namespace distillar::test {

/// Largest difference relative to the expected tensor's largest magnitude (at least `floor`).
inline double relative_error(const torch::Tensor& actual, const torch::Tensor& expected,
                             double floor = 1e-30) {
    if (actual.sizes() != expected.sizes()) {
        return 1e30;
    }
    const double scale = std::max(floor, expected.abs().max().item<double>());
    return (actual - expected).abs().max().item<double>() / scale;
}

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace distillar::test
