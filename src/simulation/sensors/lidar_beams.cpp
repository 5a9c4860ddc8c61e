#include "simulation/sensors/lidar_beams.hpp"

#include <cmath>

#include "base/text.hpp"
#include "simulation/sensors/sensor_yaml.hpp"

namespace distillar::simulation {

namespace {

constexpr Limits elevations{-90, 90, "degrees"};
constexpr Limits offsets{-30, 30, "degrees"};
constexpr Limits heights{-1, 1, "metres"};
constexpr Limits turn{-360, 360, "degrees"};
constexpr Limits microseconds{0, 1000, "microseconds"};
constexpr std::size_t most_beams = 1024;
constexpr int most_columns = 16384;

/// How many beams a block describes.
std::size_t beams_of(const base::Yaml& block) {
    const auto count = block.find("count");
    if (count) {
        return static_cast<std::size_t>(count_in(block, "count", 1, most_beams, "beams"));
    }
    const auto elevation = block["elevation"];
    if (elevation.is_map()) {
        block.fail("says {from, to}; add the count of beams");
    }
    return elevation.is_list() ? elevation.list().size() : 1;
}

void add_block(const base::Yaml& block, LidarModel& model) {
    block.allow_keys({"elevation", "count", "azimuth", "height"});
    const std::size_t count = beams_of(block);
    const auto values = [&](const char* key, const Limits& limits) {
        const auto yaml = block.find(key);
        return yaml ? numbers_in(*yaml, count, limits) : std::vector<double>(count, 0);
    };
    const auto elevation = numbers_in(block["elevation"], count, elevations);
    const auto azimuth = values("azimuth", offsets);
    const auto height = values("height", heights);
    for (std::size_t i = 0; i < count; ++i) {
        LidarModel::Beam beam;
        beam.elevation = static_cast<float>(elevation[i] * radians_per_degree);
        beam.azimuth = static_cast<float>(azimuth[i] * radians_per_degree);
        beam.height = static_cast<float>(height[i]);
        beam.ring = static_cast<std::uint16_t>(model.beams.size());
        model.beams.push_back(beam);
    }
    if (model.beams.size() > most_beams) {
        block.fail(fmt::format("more than {} beams; no lidar has as many", most_beams));
    }
}

/// +1 to the left, -1 to the right.
int direction_of(const base::Yaml& yaml) {
    const auto text = yaml.as<std::string>();
    if (text != "clockwise" && text != "counter-clockwise") {
        yaml.fail(
            fmt::format("'{}' is no direction; say clockwise or counter-clockwise, seen from "
                        "above",
                        text));
    }
    return text == "clockwise" ? -1 : 1;
}

LidarModel::RowOrder order_of(const base::Yaml& yaml) {
    const auto text = yaml.as<std::string>();
    if (text != "firing" && text != "rings") {
        yaml.fail(fmt::format("'{}' is no order of rows; say firing or rings", text));
    }
    return text == "rings" ? LidarModel::RowOrder::rings : LidarModel::RowOrder::firing;
}

}  // namespace

void read_spinning(const base::Yaml& yaml, LidarModel& model) {
    const auto spin = yaml["spin"];
    spin.allow_keys(
        {"period", "columns", "begin", "direction", "azimuth_grid", "beam_interval", "row_order"});
    model.period = number_in(spin, "period", {0.001, 10, "seconds"});
    model.columns = count_in(spin, "columns", 1, most_columns, "firings a turn");
    model.column_time = model.period / model.columns;
    const int direction = direction_of(spin["direction"]);
    const double begin = number_in(spin, "begin", turn);
    const double before = -direction * begin / 360;  // share of a turn until it looks ahead
    model.begin_time = -(before - std::floor(before)) * model.period;
    model.azimuth_begin = begin * radians_per_degree;
    model.azimuth_step = direction * 360 * radians_per_degree / model.columns;
    model.azimuth_grid =
        number_in(spin, "azimuth_grid", {0, 10, "degrees"}, 0) * radians_per_degree;
    if (const auto order = spin.find("row_order")) {
        model.row_order = order_of(*order);
    }
    const auto blocks = yaml["beams"];
    for (const auto& block : blocks.list()) {
        add_block(block, model);
    }
    if (model.beams.empty()) {
        blocks.fail("there is no beam; add one");
    }
    const double interval = number_in(spin, "beam_interval", microseconds, 0) * 1e-6;
    for (std::size_t i = 0; i < model.beams.size(); ++i) {
        model.beams[i].delay = static_cast<float>(interval * static_cast<double>(i));
    }
    if (interval * static_cast<double>(model.beams.size()) > model.column_time) {
        spin["beam_interval"].fail(
            fmt::format("{} beams need more than a column's {:.2f} microseconds",
                        model.beams.size(), 1e6 * model.column_time));
    }
}

}  // namespace distillar::simulation
