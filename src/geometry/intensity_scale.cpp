#include <algorithm>
#include <cmath>

#include "geometry/preprocess.hpp"

namespace distillar::geometry {

namespace {

/// Of the values, which must not be empty; reorders them.
double median(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return 0.5 * (static_cast<double>(*std::max_element(values.begin(), middle)) +
                  static_cast<double>(*middle));
}

double standard_deviation(const std::vector<float>& values) {
    double mean = 0;
    for (const float value : values) {
        mean += value;
    }
    mean /= static_cast<double>(values.size());
    double sum = 0;
    for (const float value : values) {
        sum += (value - mean) * (value - mean);
    }
    return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

IntensityScale robust_scale(std::vector<float> intensities) {
    return robust_scale_of(intensities);
}

IntensityScale robust_scale_of(std::vector<float>& intensities) {
    std::erase_if(intensities, [](float value) { return !std::isfinite(value); });
    if (intensities.empty()) {
        return {};
    }
    const double center = median(intensities);
    const double floor = 0.25 * standard_deviation(intensities);
    for (float& value : intensities) {
        value = static_cast<float>(std::abs(value - center));
    }
    const double spread = std::max(1.4826 * median(intensities), floor);
    IntensityScale scale{static_cast<float>(center), static_cast<float>(spread)};
    if (!std::isnormal(scale.deviation)) {
        scale.deviation = 1;  // all the same
    }
    return scale;
}

}  // namespace distillar::geometry
