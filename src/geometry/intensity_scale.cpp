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

/// So many times further from the median than 99 % of the values: a broken return.
constexpr float outlier = 1000;

/// @param distances  from the median; reorders them.
float usual_distance(std::vector<float>& distances) {
    const auto place = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() * 99 / 100);
    std::nth_element(distances.begin(), place, distances.end());
    return *place;
}

bool has_outliers(std::vector<float>& distances) {
    const float usual = usual_distance(distances);
    return usual > 0 && *std::max_element(distances.begin(), distances.end()) > outlier * usual;
}

double deviation_without_outliers(std::vector<float>& distances) {
    const float most = outlier * usual_distance(distances);
    double sum = 0;
    double count = 0;
    for (const float distance : distances) {
        sum += distance <= most ? double{distance} * distance : 0;
        count += distance <= most ? 1 : 0;
    }
    return std::sqrt(sum / count);
}

}  // namespace

IntensityScale robust_scale(std::vector<float> intensities) {
    return robust_scale_of(intensities);
}

IntensityScale robust_scale_of(std::vector<float>& intensities) {
    std::erase_if(intensities, [](float value) { return !is_usable_intensity(value); });
    if (intensities.empty()) {
        return {};
    }
    const double center = median(intensities);
    double floor = 0.25 * standard_deviation(intensities);
    for (float& value : intensities) {
        value = static_cast<float>(std::abs(value - center));
    }
    if (has_outliers(intensities)) {
        floor = 0.25 * deviation_without_outliers(intensities);
    }
    const double spread = std::max(1.4826 * median(intensities), floor);
    IntensityScale scale{static_cast<float>(center), static_cast<float>(spread)};
    if (!std::isnormal(scale.deviation)) {
        scale.deviation = 1;  // all the same
    }
    return scale;
}

}  // namespace distillar::geometry
