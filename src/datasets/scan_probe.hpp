#pragma once
/// Private to datasets: what the first scans of a log say about a sensor nobody described.
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "formats/cloud.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::datasets {

/// Values outside count as the nearer end (a saturated return, a marker).
using IntensityRange = std::pair<float, float>;
void clamp_intensity(formats::Cloud& cloud, const std::optional<IntensityRange>& range);

/// Reads the first scans of the whole log, whatever is selected, once and when first asked, so
/// that a log has one scale. Safe from several threads.
class ScanProbe {
public:
    ScanProbe(std::vector<std::filesystem::path> scans, std::optional<IntensityRange> range);

    /// Median and spread of the intensities; (0, 1) if the scans have none.
    geometry::IntensityScale intensity_scale() const;
    /// Does the first scan carry labels of its own?
    bool has_labels() const;

private:
    void look() const;

    std::vector<std::filesystem::path> scans_;
    std::optional<IntensityRange> range_;
    mutable std::once_flag once_;
    mutable geometry::IntensityScale scale_;
    mutable bool has_labels_ = false;
};

}  // namespace distillar::datasets
