#include "cli/data_report.hpp"

#include <algorithm>
#include <limits>

#include "base/progress.hpp"
#include "base/thread_pool.hpp"
#include "cli/frame_measure.hpp"

namespace distillar::cli {

namespace {

constexpr std::size_t frames_at_once = 8;  // read in parallel between two progress lines

/// At most `limit` of 0..count-1, evenly spread, the first among them.
std::vector<std::size_t> spread(std::size_t count, std::size_t limit) {
    const std::size_t chosen = limit == 0 ? count : std::min(count, limit);
    std::vector<std::size_t> indices(chosen);
    for (std::size_t i = 0; i < chosen; ++i) {
        indices[i] = i * count / chosen;
    }
    return indices;
}

std::vector<FrameMeasure> measure_frames(const datasets::Dataset& dataset,
                                         const std::vector<std::size_t>& chosen,
                                         const std::function<void()>& on_first) {
    std::vector<FrameMeasure> measures(chosen.size());
    base::Progress progress("reading", chosen.size());
    for (std::size_t first = 0; first < chosen.size();) {
        const std::size_t count = first == 0 ? 1 : std::min(frames_at_once, chosen.size() - first);
        base::parallel_for(count, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = first + begin; i < first + end; ++i) {
                measures[i] = measure_frame(dataset.read(chosen[i]));
            }
        });
        if (first == 0) {
            on_first();
        }
        first += count;
        progress.advance(count);
    }
    return measures;
}

const char* name_of(geometry::CameraModel model) {
    switch (model) {
        case geometry::CameraModel::pinhole:
            return "pinhole";
        case geometry::CameraModel::opencv:
            return "opencv";
        case geometry::CameraModel::fisheye:
            return "fisheye";
    }
    return "unknown";
}

void add_counts(DataReport& report, const std::vector<FrameMeasure>& measures) {
    report.fewest_points = std::numeric_limits<std::uint64_t>::max();
    for (const auto& measure : measures) {
        report.points += measure.points;
        report.fewest_points = std::min(report.fewest_points, measure.points);
        report.most_points = std::max(report.most_points, measure.points);
        report.not_finite += measure.not_finite;
        if (!measure.sensor.empty()) {
            report.sensors.insert(measure.sensor);
        }
        for (const auto& view : measure.views) {
            CameraSummary& camera = report.cameras[view.name];
            camera.model = name_of(view.camera.model);
            camera.width = view.camera.width;
            camera.height = view.camera.height;
            ++camera.frames;
        }
    }
}

void add_extent(DataReport& report, const std::vector<FrameMeasure>& measures) {
    report.min = measures.front().min;
    report.max = measures.front().max;
    for (const auto& measure : measures) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            report.min[axis] = std::min(report.min[axis], measure.min[axis]);
            report.max[axis] = std::max(report.max[axis], measure.max[axis]);
        }
        report.farthest = std::max(report.farthest, measure.farthest);
    }
}

void add_labels(DataReport& report, const std::vector<FrameMeasure>& measures,
                const std::map<std::uint32_t, std::string>& names) {
    std::map<std::uint32_t, std::uint64_t> points;
    for (const auto& measure : measures) {
        for (const auto& [id, count] : measure.labels) {
            points[id] += count;
        }
    }
    for (const auto& [id, count] : points) {
        const auto name = names.find(id);
        report.labels.push_back({id, name == names.end() ? "" : name->second, count});
    }
}

void add_intensity(DataReport& report, const std::vector<FrameMeasure>& measures) {
    std::vector<float> values;
    IntensitySummary summary;
    for (const auto& measure : measures) {
        if (measure.intensities.empty()) {
            continue;
        }
        const bool first = values.empty();
        summary.min = first ? measure.min_intensity : std::min(summary.min, measure.min_intensity);
        summary.max = first ? measure.max_intensity : std::max(summary.max, measure.max_intensity);
        summary.declared = measure.declared_scale;
        values.insert(values.end(), measure.intensities.begin(), measure.intensities.end());
    }
    if (values.empty()) {
        return;
    }
    std::sort(values.begin(), values.end());
    for (const int percent : {1, 5, 25, 50, 75, 95, 99}) {
        const std::size_t place = (values.size() - 1) * static_cast<std::size_t>(percent) / 100;
        summary.percentiles[percent] = values[place];
    }
    summary.robust = geometry::robust_scale(std::move(values));
    report.intensity = summary;
}

void add_road(DataReport& report, const std::vector<FrameMeasure>& measures) {
    std::vector<double> heights;
    for (const auto& measure : measures) {
        if (measure.road_height) {
            heights.push_back(*measure.road_height);
        }
    }
    if (heights.empty()) {
        return;
    }
    std::sort(heights.begin(), heights.end());
    report.road = RoadSummary{heights[heights.size() / 2], heights.front(), heights.back(),
                              measures.front().declared_height};
}

}  // namespace

DataReport measure(const datasets::Dataset& dataset, const datasets::Selection& selection,
                   std::size_t limit, const std::function<void()>& on_first) {
    const auto chosen = spread(dataset.size(), limit);
    const auto measures = measure_frames(dataset, chosen, on_first);
    DataReport report;
    report.path = selection.path.string();
    report.format = dataset.format();
    report.frame_convention = selection.published_frame ? "published" : "canonical";
    report.frames = dataset.size();
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        report.labelled_frames += dataset.labelled(i) ? 1 : 0;
    }
    report.measured_frames = measures.size();
    add_counts(report, measures);
    add_extent(report, measures);
    add_labels(report, measures, dataset.label_names());
    add_intensity(report, measures);
    add_road(report, measures);
    return report;
}

}  // namespace distillar::cli
