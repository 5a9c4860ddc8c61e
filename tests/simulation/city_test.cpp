#include "simulation/streets/city.hpp"

#include <gtest/gtest.h>

#include "datasets/named_configs.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

using simulation::load_city;
using test::error_of;

/// A city file that can be broken.
class CityFile : public testing::Test {
protected:
    std::filesystem::path changed(const std::string& from, const std::string& to) {
        std::string text = test::read_bytes(simulation::city_file("a"));
        const auto place = text.find(from);
        EXPECT_NE(place, std::string::npos) << from;
        text.replace(place, from.size(), to);
        return test::write_bytes(folder_ / "mine.yaml", text);
    }
    /// One line that names the file.
    std::string error(const std::string& from, const std::string& to) {
        const auto file = changed(from, to);
        const std::string message = error_of([&] { load_city(file.string()); });
        EXPECT_HAS(message, file.string() + ": line ");
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
        return message;
    }
    test::TemporaryFolder folder_;
};

TEST(City, AllLoadAndDiffer) {
    const auto names = datasets::config_names("cities");
    ASSERT_GE(names.size(), 3U);
    for (const auto& name : names) {
        const auto city = load_city(name);
        EXPECT_EQ(city.name, name);
        EXPECT_FALSE(city.title.empty());
        EXPECT_FALSE(city.blocks.kinds.empty());
        EXPECT_FALSE(city.plants.kinds.empty());
        EXPECT_FALSE(city.traffic.vehicles.empty());
    }
    const auto a = load_city("a"), b = load_city("b"), c = load_city("c");
    EXPECT_NE(a.blocks.kinds, b.blocks.kinds);
    EXPECT_NE(a.traffic.vehicles, b.traffic.vehicles);
    EXPECT_NE(a.traffic.vehicles, c.traffic.vehicles);
    EXPECT_NE(a.buildings.floors_max, b.buildings.floors_max);
    EXPECT_NE(b.plants.street_trees, c.plants.street_trees);
}

TEST(City, AnUnknownNameGetsTheNearest) {
    const auto error = error_of([] { load_city("e"); });
    EXPECT_HAS(error, "there is no city 'e'; did you mean");
    EXPECT_HAS(error, "a, b, c, d");
}

TEST_F(CityFile, LoadsFromAPath) {
    const auto city = load_city(changed("speed: 9", "speed: 12").string());
    EXPECT_EQ(city.name, "mine");
    EXPECT_EQ(city.traffic.speed, 12);
}

TEST_F(CityFile, UnknownKeysGetTheNearest) {
    EXPECT_HAS(error("lane_width", "lane_widht"), "'lane_width'");
    EXPECT_HAS(error("lane_width", "lane_widht"), "streets");
    EXPECT_HAS(error("traffic:", "trafic:"), "'traffic'");
    EXPECT_HAS(error("setback", "set_back"), "'setback'");
    EXPECT_HAS(error("name: Altenmarkt", "name: Altenmarkt\nnickname: Alt"), "nickname");
}

TEST_F(CityFile, UnknownKindsGetTheNearest) {
    EXPECT_HAS(error("plaza: 0.06", "plazza: 0.06"), "blocks.kinds");
    EXPECT_HAS(error("plaza: 0.06", "plazza: 0.06"), "'plaza'");
    EXPECT_HAS(error("columnar: 0.1", "column: 0.1"), "'columnar'");
    EXPECT_HAS(error("hatchback: 0.34", "hatchbak: 0.34"), "'hatchback'");
    EXPECT_HAS(error("van: 0.1", "motorcycle: 0.1"), "traffic.vehicles");
}

TEST_F(CityFile, ImpossibleValuesAreNamed) {
    EXPECT_HAS(error("lane_width: 3.2", "lane_width: 12"),
               "streets.lane_width: 12 is impossible; it lies between 2.8 and 4");
    EXPECT_HAS(error("parking_share: 0.75", "parking_share: 1.2"), "between 0 and 1");
    EXPECT_HAS(error("bend: 14", "bend: .nan"), "blocks.bend");
    EXPECT_HAS(error("relief: 7", "relief: -1"), "blocks.relief: -1 is impossible");
    EXPECT_HAS(error("speed: 9", "speed: fast"), "traffic.speed");
    EXPECT_HAS(error("floors: [3, 6]", "floors: [6, 3]"), "buildings.floors: expected [least, ");
    EXPECT_HAS(error("floors: [3, 6]", "floors: [3]"), "buildings.floors: expected");
    EXPECT_HAS(error("sidewalk: [2.2, 3.6]", "sidewalk: [2.2, 36]"), "between 1.2 and 8");
    EXPECT_HAS(error("truck: 0.05", "truck: -0.05"), "traffic.vehicles.truck: a share");
}

TEST_F(CityFile, AMixNeedsSomething) {
    EXPECT_HAS(error("{broadleaf: 0.75, columnar: 0.1, conifer: 0.1, bare: 0.05}", "{}"),
               "plants.kinds: no share is above 0; name at least one of: broadleaf");
    EXPECT_HAS(error("{broadleaf: 0.75, columnar: 0.1, conifer: 0.1, bare: 0.05}", "{bare: 0}"),
               "plants.kinds: no share is above 0");
    EXPECT_HAS(error("{broadleaf: 0.75, columnar: 0.1, conifer: 0.1, bare: 0.05}", "broadleaf"),
               "plants.kinds");
}

TEST_F(CityFile, SectionsMustBeThere) {
    EXPECT_HAS(error("name: Altenmarkt\n", ""), "name");
    std::string text = test::read_bytes(simulation::city_file("a"));
    text.resize(text.find("traffic:"));
    const auto file = test::write_bytes(folder_ / "short.yaml", text);
    EXPECT_HAS(error_of([&] { load_city(file.string()); }), "traffic");
    EXPECT_HAS(error_of([&] { load_city((folder_ / "none.yaml").string()); }), "none.yaml");
}

TEST(City, DrawsByShare) {
    const simulation::Mix mix{{"never", 0}, {"often", 3}, {"seldom", 1}};
    base::Random random(1, 0, 0);
    std::map<std::string, int> drawn;
    for (int i = 0; i < 4000; ++i) {
        ++drawn[simulation::draw(mix, random)];
    }
    EXPECT_EQ(drawn.count("never"), 0U);
    EXPECT_NEAR(drawn["often"], 3000, 120);
}

}  // namespace
}  // namespace distillar
