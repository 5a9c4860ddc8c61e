#include "datasets/scan_probe.hpp"

#include <algorithm>
#include <cmath>

namespace distillar::datasets {

namespace {

constexpr std::size_t probed_scans = 5;

}  // namespace

void clamp_intensity(formats::Cloud& cloud, const std::optional<IntensityRange>& range) {
    if (!range) {
        return;
    }
    for (float& value : cloud.intensity) {
        // NaN stays NaN: such a point is dropped later.
        value = std::isnan(value) ? value : std::clamp(value, range->first, range->second);
    }
}

ScanProbe::ScanProbe(std::vector<std::filesystem::path> scans, std::optional<IntensityRange> range)
    : scans_(std::move(scans)), range_(range) {
    scans_.resize(std::min(scans_.size(), probed_scans));
}

void ScanProbe::look() const {
    std::vector<float> intensities;
    bool labels = false;
    for (std::size_t i = 0; i < scans_.size(); ++i) {
        auto cloud = formats::read_cloud(scans_[i]);
        labels = i == 0 ? !cloud.label.empty() : labels;
        clamp_intensity(cloud, range_);
        std::copy_if(cloud.intensity.begin(), cloud.intensity.end(),
                     std::back_inserter(intensities), geometry::is_usable_intensity);
    }
    has_labels_ = labels;
    scale_ = intensities.empty() ? geometry::IntensityScale{}
                                 : geometry::robust_scale(std::move(intensities));
}

geometry::IntensityScale ScanProbe::intensity_scale() const {
    std::call_once(once_, [this] { look(); });
    return scale_;
}

bool ScanProbe::has_labels() const {
    std::call_once(once_, [this] { look(); });
    return has_labels_;
}

}  // namespace distillar::datasets
