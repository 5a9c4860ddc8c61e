#include "simulation/streets/city.hpp"

#include <cmath>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "datasets/named_configs.hpp"

namespace distillar::simulation {

namespace {

using base::Yaml;

const std::vector<std::string> block_kinds{"built",       "houses", "park",
                                           "parking_lot", "plaza",  "works"};
const std::vector<std::string> tree_kinds{"broadleaf", "columnar", "conifer", "palm", "bare"};
const std::vector<std::string> traffic_kinds{"sedan",        "hatchback", "suv",        "pickup",
                                             "van",          "truck",     "semi_truck", "bus",
                                             "motorcyclist", "bicyclist"};

/// Reads `key` into `value` if it is there; it must lie in [low, high].
template <typename Number>
void take(const Yaml& section, const char* key, Number& value, double low, double high) {
    const auto found = section.find(key);
    if (!found) {
        return;
    }
    value = found->template as<Number>();
    if (!std::isfinite(value) || value < low || value > high) {
        found->fail(fmt::format("{} is impossible; it lies between {} and {}", value, low, high));
    }
}

void take_share(const Yaml& section, const char* key, auto& value) {
    take(section, key, value, 0, 1);
}

void take(const Yaml& section, const char* key, Interval& value, double low, double high) {
    const auto found = section.find(key);
    if (!found) {
        return;
    }
    const auto ends = found->as<std::vector<double>>();
    if (ends.size() != 2 || !(ends[0] >= low && ends[0] <= ends[1] && ends[1] <= high)) {
        found->fail(fmt::format("expected [least, greatest] between {} and {}", low, high));
    }
    value = {ends[0], ends[1]};
}

/// Shares by name. @param known  the names there are.
Mix mix_of(const Yaml& section, const char* key, const std::vector<std::string>& known) {
    const Yaml yaml = section[key];
    yaml.allow_keys(known);
    Mix mix;
    double sum = 0;
    for (const auto& [name, share] : yaml.items()) {
        mix[name] = share.as<double>();
        if (!std::isfinite(mix[name]) || mix[name] < 0) {
            share.fail("a share is a number from 0 up");
        }
        sum += mix[name];
    }
    if (sum <= 0) {
        yaml.fail("no share is above 0; name at least one of: " + base::join(known));
    }
    return mix;
}

void read_blocks(const Yaml& yaml, City::Blocks& blocks) {
    yaml.allow_keys({"length", "bend", "relief", "kinds"});
    take(yaml, "length", blocks.length, 50, 400);
    take(yaml, "bend", blocks.bend, 0, 20);
    take(yaml, "relief", blocks.relief, 0, 30);
    blocks.kinds = mix_of(yaml, "kinds", block_kinds);
}

void read_streets(const Yaml& yaml, City::Streets& streets) {
    yaml.allow_keys(
        {"avenue_share", "lane_width", "parking_share", "sidewalk", "verge_share", "signal_share"});
    take_share(yaml, "avenue_share", streets.avenue_share);
    take(yaml, "lane_width", streets.lane_width, 2.8, 4);
    take_share(yaml, "parking_share", streets.parking_share);
    take(yaml, "sidewalk", streets.sidewalk, 1.2, 8);
    take_share(yaml, "verge_share", streets.verge_share);
    take_share(yaml, "signal_share", streets.signal_share);
}

void read_buildings(const Yaml& yaml, City& city) {
    yaml.allow_keys({"floors", "floor_height", "house_share", "strip_share", "modern_share",
                     "pitched_share", "plaster_share", "stone_share", "brick_share",
                     "concrete_share", "wood_share", "shop_share", "balcony_share", "frontage",
                     "setback", "gap_share"});
    BuildingStyle& style = city.buildings;
    Interval floors{style.floors_min, style.floors_max};
    take(yaml, "floors", floors, 1, 60);
    style.floors_min = static_cast<float>(floors.low);
    style.floors_max = static_cast<float>(floors.high);
    take(yaml, "floor_height", style.floor_height, 2.4, 6);
    take_share(yaml, "house_share", style.house_share);
    take_share(yaml, "strip_share", style.strip_share);
    take_share(yaml, "modern_share", style.modern_share);
    take_share(yaml, "pitched_share", style.pitched_share);
    take_share(yaml, "plaster_share", style.plaster_share);
    take_share(yaml, "stone_share", style.stone_share);
    take_share(yaml, "brick_share", style.brick_share);
    take_share(yaml, "concrete_share", style.concrete_share);
    take_share(yaml, "wood_share", style.wood_share);
    take_share(yaml, "shop_share", style.shop_share);
    take_share(yaml, "balcony_share", style.balcony_share);
    take(yaml, "frontage", city.frontage, 8, 60);
    take(yaml, "setback", city.setback, 0, 30);
    take_share(yaml, "gap_share", city.gap_share);
}

void read_plants(const Yaml& yaml, City::Plants& plants) {
    yaml.allow_keys({"street_trees", "garden_trees", "hedges", "thickets", "kinds"});
    take_share(yaml, "street_trees", plants.street_trees);
    take_share(yaml, "garden_trees", plants.garden_trees);
    take_share(yaml, "hedges", plants.hedges);
    take_share(yaml, "thickets", plants.thickets);
    plants.kinds = mix_of(yaml, "kinds", tree_kinds);
}

void read_traffic(const Yaml& yaml, City::Traffic& traffic) {
    yaml.allow_keys({"per_lane", "parked", "speed", "car_size", "people", "vehicles"});
    take(yaml, "per_lane", traffic.per_lane, 0, 8);
    take_share(yaml, "parked", traffic.parked);
    take(yaml, "speed", traffic.speed, 2, 25);
    take(yaml, "car_size", traffic.car_size, 0.8, 1.2);
    take(yaml, "people", traffic.people, 0, 30);
    traffic.vehicles = mix_of(yaml, "vehicles", traffic_kinds);
}

}  // namespace

std::string draw(const Mix& mix, base::Random& random) {
    double sum = 0;
    for (const auto& [name, share] : mix) {
        sum += share;
    }
    double left = random.uniform(0, sum);
    for (const auto& [name, share] : mix) {
        left -= share;
        if (left < 0) {
            return name;
        }
    }
    return mix.rbegin()->first;
}

std::filesystem::path city_file(const std::string& name) {
    return name.ends_with(".yaml") ? std::filesystem::path(name)
                                   : datasets::config_file("cities", "city", name);
}

City load_city(const std::string& name) {
    const Yaml yaml = Yaml::load(city_file(name));
    yaml.allow_keys({"name", "blocks", "streets", "buildings", "plants", "traffic"});
    City city;
    city.name = yaml.file().stem().string();
    city.title = yaml["name"].as<std::string>();
    read_blocks(yaml["blocks"], city.blocks);
    read_streets(yaml["streets"], city.streets);
    read_buildings(yaml["buildings"], city);
    read_plants(yaml["plants"], city.plants);
    read_traffic(yaml["traffic"], city.traffic);
    return city;
}

}  // namespace distillar::simulation
