#include "simulation/sensors/lidar_beams.hpp"
#include "simulation/sensors/sensor_yaml.hpp"

namespace distillar::simulation {

namespace {

/// A part of the field of view, in degrees. Its lines are bent: a shot x degrees left of the
/// window's middle goes lift + slope x + bow x^2 above the ideal line.
struct Window {
    double azimuth = 0, width = 0, lift = 0, slope = 0, bow = 0;
};

struct Raster {
    int shots = 0;  ///< a line and window
    double line_time = 0;
    double fall = 0;  ///< degrees a line, downwards negative
    std::vector<Window> windows;
};

Window window_of(const base::Yaml& yaml) {
    yaml.allow_keys({"azimuth", "width", "lift", "slope", "bow"});
    Window window;
    window.azimuth = number_in(yaml, "azimuth", {-180, 180, "degrees"});
    window.width = number_in(yaml, "width", {0.1, 180, "degrees"});
    window.lift = number_in(yaml, "lift", {-30, 30, "degrees"}, 0);
    window.slope = number_in(yaml, "slope", {-2, 2, "degrees a degree"}, 0);
    window.bow = number_in(yaml, "bow", {-1, 1, "degrees a degree squared"}, 0);
    return window;
}

/// Two lines: one to the left, one back.
void add_shots(const Raster& raster, LidarModel& model) {
    for (int i = 0; i < 2 * raster.shots; ++i) {
        const double done = (i + 0.5) / raster.shots;  // 0..2 lines
        const double along = done < 1 ? done - 0.5 : 1.5 - done;
        for (const Window& window : raster.windows) {
            const double x = along * window.width;
            const double elevation =
                raster.fall * done + window.lift + window.slope * x + window.bow * x * x;
            LidarModel::Beam beam;
            beam.azimuth = static_cast<float>((window.azimuth + x) * radians_per_degree);
            beam.elevation = static_cast<float>(elevation * radians_per_degree);
            beam.delay = static_cast<float>(done * raster.line_time);
            beam.ring = done < 1 ? 0 : 1;
            model.beams.push_back(beam);
        }
    }
}

}  // namespace

void read_raster(const base::Yaml& yaml, LidarModel& model) {
    const auto map = yaml["raster"];
    map.allow_keys({"period", "lines", "line_time", "top", "bottom", "shots", "windows"});
    model.period = number_in(map, "period", {0.001, 10, "seconds"});
    const int lines = count_in(map, "lines", 2, 16384, "lines");
    Raster raster;
    raster.line_time = number_in(map, "line_time", {1, 1e6, "microseconds"}) * 1e-6;
    if (lines * raster.line_time > model.period) {
        map["line_time"].fail(
            fmt::format("{} lines need {:.1f} ms, more than the period of {:.1f} ms", lines,
                        1e3 * lines * raster.line_time, 1e3 * model.period));
    }
    const double top = number_in(map, "top", {-90, 90, "degrees"});
    raster.fall = (number_in(map, "bottom", {-90, 90, "degrees"}) - top) / lines;
    raster.shots = count_in(map, "shots", 1, 4096, "shots a line");
    for (const auto& window : map["windows"].list()) {
        raster.windows.push_back(window_of(window));
    }
    if (raster.windows.empty() || raster.windows.size() > 16) {
        map["windows"].fail("must be 1 to 16 windows");
    }
    add_shots(raster, model);
    model.columns = lines / 2;
    model.column_time = 2 * raster.line_time;
    model.begin_time = -0.5 * model.columns * model.column_time;
    model.elevation_begin = top * radians_per_degree;
    model.elevation_step = 2 * raster.fall * radians_per_degree;
    model.rings_a_column = 2;
}

}  // namespace distillar::simulation
