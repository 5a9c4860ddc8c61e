#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/data_report.hpp"
#include "cli/output.hpp"

namespace distillar::cli {

namespace {

constexpr double height_tolerance = 0.25;  // metres between the road as declared and as measured

std::uint64_t mean_points(const DataReport& report) {
    return report.points / std::max<std::size_t>(1, report.measured_frames);
}

void print_counts(const DataReport& report) {
    print_row("frames", fmt::format("{}, {} with labels", with_commas(report.frames),
                                    with_commas(report.labelled_frames)));
    print_row("measured", report.measured_frames == report.frames
                              ? "all of them"
                              : fmt::format("{} of them, evenly spread (--measure 0: all)",
                                            report.measured_frames));
    print_row("points",
              fmt::format("{} in all, {} a frame ({} to {})", with_commas(report.points),
                          with_commas(mean_points(report)), with_commas(report.fewest_points),
                          with_commas(report.most_points)));
    print_row("not finite", report.not_finite == 0
                                ? "none"
                                : fmt::format("{} points left out; they get label 0 in outputs",
                                              with_commas(report.not_finite)));
    const std::vector<std::string> sensors(report.sensors.begin(), report.sensors.end());
    print_row("sensor", sensors.empty() ? "not named, or several together (--sensor picks one)"
                                        : base::join(sensors));
}

void print_cameras(const DataReport& report) {
    if (report.cameras.empty()) {
        print_row("cameras", "none");
    }
    const char* title = "cameras";
    for (const auto& [name, camera] : report.cameras) {
        const std::string part =
            camera.frames == report.measured_frames
                ? ""
                : fmt::format(", in {} of {} frames", camera.frames, report.measured_frames);
        print_row(title, fmt::format("{:<20} {} x {}, {}{}", name, camera.width, camera.height,
                                     camera.model, part));
        title = "";
    }
}

void print_road(const DataReport& report) {
    if (!report.road) {
        print_row("road", "not found: too few points at one height 5 to 20 m away");
        return;
    }
    const RoadSummary& road = *report.road;
    std::string text = fmt::format("{:.2f} m below the sensor (frames: {:.2f} to {:.2f})",
                                   road.height, road.lowest, road.highest);
    if (road.declared > 0) {
        text += fmt::format("; declared: {:.2f} m", road.declared);
        if (std::abs(road.declared - road.height) > height_tolerance) {
            text += "; these differ: check the mounting height and the z axis";
        }
    }
    print_row("road", text);
}

void print_intensity(const DataReport& report) {
    if (!report.intensity) {
        print_row("intensity", "none");
        return;
    }
    const IntensitySummary& intensity = *report.intensity;
    print_row("intensity", fmt::format("{:g} to {:g}", intensity.min, intensity.max));
    std::vector<std::string> parts;
    for (const auto& [percent, value] : intensity.percentiles) {
        parts.push_back(fmt::format("{}%: {:.3g}", percent, value));
    }
    print_row("", base::join(parts));
    print_row("", fmt::format("network input: (raw - {:.4g}) / {:.4g}; measured median {:.4g}, "
                              "spread {:.4g}",
                              intensity.declared.mean, intensity.declared.deviation,
                              intensity.robust.mean, intensity.robust.deviation));
}

void print_extent(const DataReport& report) {
    print_row("extent",
              fmt::format("x {:.1f} to {:.1f}, y {:.1f} to {:.1f}, z {:.1f} to {:.1f} m; farthest "
                          "point {:.1f} m",
                          report.min[0], report.max[0], report.min[1], report.max[1], report.min[2],
                          report.max[2], report.farthest));
}

void print_labels(const DataReport& report) {
    if (report.labels.empty()) {
        print_row("labels", "none");
        return;
    }
    fmt::print("\n{:>8}  {:<38}{:>14}{:>9}\n", "raw id", "class", "points", "share");
    for (const auto& label : report.labels) {
        fmt::print("{:>8}  {:<38}{:>14}{:>8.2f}%\n", label.id, label.name,
                   with_commas(label.points),
                   100.0 * static_cast<double>(label.points) / static_cast<double>(report.points));
    }
}

nlohmann::ordered_json scale_json(const geometry::IntensityScale& scale) {
    return {{"mean", scale.mean}, {"deviation", scale.deviation}};
}

nlohmann::ordered_json contract_json(const DataReport& report) {
    nlohmann::ordered_json json;
    json["frame"] = report.frame_convention;
    json["road"] = nullptr;
    if (report.road) {
        json["road"] = {{"height", report.road->height},
                        {"lowest", report.road->lowest},
                        {"highest", report.road->highest},
                        {"declared", report.road->declared}};
    }
    json["intensity"] = nullptr;
    if (report.intensity) {
        nlohmann::ordered_json percentiles;
        for (const auto& [percent, value] : report.intensity->percentiles) {
            percentiles[std::to_string(percent)] = value;
        }
        json["intensity"] = {{"min", report.intensity->min},
                             {"max", report.intensity->max},
                             {"percentiles", percentiles},
                             {"measured", scale_json(report.intensity->robust)},
                             {"declared", scale_json(report.intensity->declared)}};
    }
    json["extent"] = {{"min", report.min}, {"max", report.max}, {"farthest", report.farthest}};
    return json;
}

}  // namespace

void print_report(const DataReport& report) {
    print_row("path", report.path);
    print_row("format", report.format);
    print_counts(report);
    print_cameras(report);
    print_row("frame", report.frame_convention == "canonical"
                           ? "canonical: x forward, y left, z up, origin at the lidar"
                           : "as published");
    print_road(report);
    print_intensity(report);
    print_extent(report);
    print_labels(report);
}

nlohmann::ordered_json report_json(const DataReport& report) {
    nlohmann::ordered_json json;
    json["path"] = report.path;
    json["format"] = report.format;
    json["frames"] = report.frames;
    json["labelled_frames"] = report.labelled_frames;
    json["measured_frames"] = report.measured_frames;
    json["points"] = {{"total", report.points},
                      {"mean", mean_points(report)},
                      {"min", report.fewest_points},
                      {"max", report.most_points},
                      {"not_finite", report.not_finite}};
    json["sensors"] = report.sensors;
    json["cameras"] = nlohmann::ordered_json::array();
    for (const auto& [name, camera] : report.cameras) {
        json["cameras"].push_back({{"name", name},
                                   {"width", camera.width},
                                   {"height", camera.height},
                                   {"model", camera.model},
                                   {"frames", camera.frames}});
    }
    json["classes"] = nlohmann::ordered_json::array();
    for (const auto& label : report.labels) {
        json["classes"].push_back(
            {{"id", label.id}, {"name", label.name}, {"points", label.points}});
    }
    json["sensor_contract"] = contract_json(report);
    return json;
}

}  // namespace distillar::cli
