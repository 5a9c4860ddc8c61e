#include "simulation/sensors/lidar_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "base/error.hpp"
#include "datasets/named_configs.hpp"
#include "support/data.hpp"

using namespace distillar;
using namespace distillar::simulation;

namespace {

constexpr double degree = std::numbers::pi / 180;

/// The sensor file with `from` replaced by `to`, as configs/sensors/made.yaml.
std::string changed(const test::TemporaryFolder& folder, const std::string& sensor,
                    const std::string& from, const std::string& to) {
    std::string text = test::read_bytes(datasets::config_file("sensors", "sensor", sensor));
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return test::write_bytes(folder / "made.yaml", text).string();
}

std::string error_after(const std::string& sensor, const std::string& from, const std::string& to) {
    const test::TemporaryFolder folder;
    const auto file = changed(folder, sensor, from, to);
    return test::error_of([&] { load_lidar(file); });
}

void expect_parts(const std::string& message, const std::vector<std::string>& parts) {
    for (const auto& part : parts) {
        EXPECT_NE(message.find(part), std::string::npos) << part << " is not in: " << message;
    }
}

}  // namespace

TEST(LidarModel, EverySensorLoads) {
    const std::map<std::string, std::size_t> shots{
        {"hdl64e", 64 * 2159},   {"hdl32e", 32 * 1084},    {"pandar64", 64 * 1800},
        {"pandargt", 136 * 591}, {"pandar40p", 40 * 1800}, {"os1-64", 64 * 2048},
        {"vlp16", 16 * 1800}};
    for (const auto& name : datasets::config_names("sensors")) {
        const auto model = load_lidar(name);
        EXPECT_EQ(model.name, name);
        EXPECT_FALSE(model.title.empty());
        if (const auto known = shots.find(name); known != shots.end()) {
            EXPECT_EQ(model.beams.size() * static_cast<std::size_t>(model.columns), known->second)
                << name;
        }
        EXPECT_LE(model.first_time(), 0);
        EXPECT_GE(model.last_time(), 0);
        EXPECT_LE(model.last_time() - model.first_time(), model.period * (1 + 1e-9));
    }
}

TEST(LidarModel, KnowsTheBeamsOfKnownLidars) {
    const auto velodyne = load_lidar("hdl64e");
    EXPECT_NEAR(velodyne.beams.front().elevation, 2 * degree, 0.1 * degree);
    EXPECT_NEAR(velodyne.beams.back().elevation, -25 * degree, 0.1 * degree);
    EXPECT_FLOAT_EQ(velodyne.beams.front().height, 0.209F);
    EXPECT_GT(velodyne.azimuth_step, 0);  // to the left
    EXPECT_NEAR(velodyne.begin_time, -0.0518, 1e-9);

    const auto nuscenes = load_lidar("hdl32e");
    EXPECT_NEAR(nuscenes.beams.front().elevation, -30.67 * degree, 1e-6);
    EXPECT_EQ(nuscenes.beams.back().ring, 31);
    EXPECT_NEAR(nuscenes.first_time(), -0.0125, 1e-9);  // begins at the left, clockwise
    EXPECT_NEAR(nuscenes.last_time(), 0.0375, 1e-9);
    EXPECT_TRUE(nuscenes.keep_missing);

    const auto solid = load_lidar("pandargt");
    float left = 0, up = 0;
    for (const auto& beam : solid.beams) {
        left = std::max(left, beam.azimuth);
        up = std::max(up, beam.elevation);
    }
    EXPECT_NEAR(left, 30 * degree, 0.2 * degree);
    EXPECT_EQ(solid.rings_a_column * solid.columns, 136);
    EXPECT_NEAR(solid.first_time(), -solid.last_time(), 1e-12);
}

TEST(LidarModel, NamesTheNearestSensor) {
    expect_parts(test::error_of([] { load_lidar("hdl64"); }),
                 {"there is no sensor 'hdl64'", "did you mean 'hdl64e'", "vlp16"});
    expect_parts(test::error_of([] { load_lidar("/nowhere/made.yaml"); }), {"/nowhere/made.yaml"});
}

TEST(LidarModel, ImpossibleValuesSayWhereAndWhatIsAllowed) {
    expect_parts(error_after("vlp16", "period: 0.1 ", "period: -0.1 "),
                 {"made.yaml", "line 6", "spin.period", "seconds from 0.001 to 10"});
    expect_parts(error_after("vlp16", "columns: 1800", "columns: 0"), {"spin.columns", "from 1"});
    expect_parts(error_after("vlp16", "columns: 1800", "columns: many"),
                 {"spin.columns", "expected a whole number, found 'many'"});
    expect_parts(error_after("vlp16", "direction: clockwise", "direction: left"),
                 {"spin.direction", "clockwise or counter-clockwise"});
    expect_parts(error_after("vlp16", "from: -15", "from: -115"),
                 {"elevation.from", "degrees from -90 to 90"});
    expect_parts(error_after("vlp16", "count: 16", "count: 0"), {"count", "beams from 1"});
    expect_parts(error_after("vlp16", ", count: 16", ""), {"add the count of beams"});
    expect_parts(error_after("vlp16", "max: 100", "max: 0.2"),
                 {"range.max", "not beyond the nearest distance"});
    expect_parts(error_after("vlp16", "noise: 0.01", "noise: .nan"), {"range.noise", "metres"});
    expect_parts(error_after("vlp16", "dropout: 0.005", "dropout: 5"), {"echo.dropout", "0 to 1"});
    expect_parts(error_after("vlp16", "missing: omitted", "missing: none"),
                 {"echo.missing", "omitted or kept"});
    expect_parts(error_after("vlp16", "beam_interval: 2.304", "beam_interval: 20"),
                 {"spin.beam_interval", "55.56 microseconds"});
    expect_parts(error_after("vlp16", "dark_range", "dark_rnage"),
                 {"echo.dark_rnage", "did you mean 'dark_range'"});
    expect_parts(error_after("vlp16", "title: Velodyne VLP-16", "name: x"),
                 {"unknown key", "title"});
    expect_parts(error_after("pandar64", "[14.882, ", "["), {"azimuth", "64 numbers for 63 beams"});
    expect_parts(error_after("hdl64e", "[-19, 19]", "[19, -19]"), {"azimuth", "must grow"});
    expect_parts(error_after("hdl32e", "echo: [0.65, 0.8]", "echo: [0.8, 0.65]"),
                 {"bodies[0].echo[1]"});
    expect_parts(error_after("hdl64e", "row_order: rings", "row_order: beams"),
                 {"spin.row_order", "firing or rings"});
}

TEST(LidarModel, ImpossibleRasters) {
    expect_parts(error_after("pandargt", "line_time: 475", "line_time: 900"),
                 {"raster.line_time", "122.4 ms, more than the period of 100.0 ms"});
    expect_parts(error_after("pandargt", "width: 20.5", "width: 0"), {"width", "degrees"});
    expect_parts(error_after("pandargt", "raster:", "spin: {}\nraster:"),
                 {"either a raster, or spin and beams"});
}
