#include "datasets/frame.hpp"

#include <cassert>

#include "datasets/taxonomy.hpp"

namespace distillar::datasets {

geometry::Scan scan_of(const Frame& frame, const Taxonomy* taxonomy) {
    geometry::Scan scan;
    scan.points = frame.points.cast<float>();
    scan.intensity = frame.intensity;
    scan.scale = frame.intensity_scale;
    scan.sensor_height = frame.sensor_height;
    if (taxonomy != nullptr && !frame.labels.empty()) {
        scan.labels = taxonomy->map(frame.labels);
    }
    return scan;
}

std::vector<std::uint32_t> spread_to_file(const Frame& frame,
                                          const std::vector<std::uint32_t>& labels) {
    assert(labels.size() == static_cast<std::size_t>(frame.points.rows()));
    if (frame.file_rows.empty()) {
        return labels;
    }
    std::vector<std::uint32_t> spread(frame.file_points, 0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        spread[frame.file_rows[i]] = labels[i];
    }
    return spread;
}

}  // namespace distillar::datasets
