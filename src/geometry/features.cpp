#include "geometry/features.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace distillar::geometry {

namespace {

enum class Feature { intensity, x, y, z, radius, height, constant };

const std::vector<std::string>& feature_names() {
    static const std::vector<std::string> names{"intensity", "x",      "y",       "z",
                                                "radius",    "height", "constant"};
    return names;
}

Feature feature_of(const std::string& name) {
    const auto& names = feature_names();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        base::fail("input feature '{}' is unknown; did you mean '{}'? Known: {}", name,
                   base::nearest_name(name, names), base::join(names));
    }
    return static_cast<Feature>(found - names.begin());
}

}  // namespace

void check_feature_names(const std::vector<std::string>& names) {
    for (const auto& name : names) {
        feature_of(name);
    }
}

void check_features(const InputSpec& spec, const ScanView& scan) {
    if (spec.features.empty()) {
        base::fail("input features: none given; choose from {}", base::join(feature_names()));
    }
    for (auto name = spec.features.begin(); name != spec.features.end(); ++name) {
        if (feature_of(*name) == Feature::intensity && scan.intensity.empty() &&
            scan.points.rows() > 0) {
            base::fail(
                "input feature 'intensity': the scan has none; give scans with intensity or use "
                "features without it");
        }
        if (std::find(spec.features.begin(), name, *name) != name) {
            base::fail("input feature '{}' is listed twice; list it once", *name);
        }
    }
}

void make_features(const InputSpec& spec, const ScanView& scan,
                   const std::vector<std::uint32_t>& kept, const PointsView& points,
                   const std::vector<float>& radius, const std::vector<float>& height,
                   std::vector<float>& features) {
    const std::size_t channels = spec.features.size();
    features.resize(kept.size() * channels);
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const Feature feature = feature_of(spec.features[channel]);
        const auto value = [&](std::size_t i) -> float {
            const auto row = static_cast<Eigen::Index>(i);
            switch (feature) {
                case Feature::intensity: {
                    const float raw = scan.intensity[kept[i]];
                    return is_usable_intensity(raw) ? (raw - scan.scale.mean) / scan.scale.deviation
                                                    : 0;
                }
                case Feature::x:
                    return points(row, 0);
                case Feature::y:
                    return points(row, 1);
                case Feature::z:
                    return points(row, 2);
                case Feature::radius:
                    return radius[i];
                case Feature::height:
                    return height[i];
                case Feature::constant:
                    break;
            }
            return 1;
        };
        for (std::size_t i = 0; i < kept.size(); ++i) {
            features[i * channels + channel] = value(i);
        }
    }
}

}  // namespace distillar::geometry
