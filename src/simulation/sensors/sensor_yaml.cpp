#include "simulation/sensors/sensor_yaml.hpp"

namespace distillar::simulation {

double number_in(const base::Yaml& yaml, const Limits& limits) {
    const auto value = yaml.as<double>();
    if (!(value >= limits.low && value <= limits.high)) {
        yaml.fail(fmt::format("{} is impossible; {} from {} to {}", value, limits.unit, limits.low,
                              limits.high));
    }
    return value;
}

double number_in(const base::Yaml& map, const char* key, const Limits& limits) {
    return number_in(map[key], limits);
}

double number_in(const base::Yaml& map, const char* key, const Limits& limits, double fallback) {
    const auto value = map.find(key);
    return value ? number_in(*value, limits) : fallback;
}

int count_in(const base::Yaml& map, const char* key, int low, int high, const char* unit) {
    const auto yaml = map[key];
    const int value = yaml.as<int>();
    if (value < low || value > high) {
        yaml.fail(fmt::format("{} is impossible; {} from {} to {}", value, unit, low, high));
    }
    return value;
}

std::vector<double> numbers_in(const base::Yaml& yaml, std::size_t count, const Limits& limits) {
    if (yaml.is_scalar()) {
        return std::vector<double>(count, number_in(yaml, limits));
    }
    std::vector<double> values;
    if (yaml.is_map()) {
        yaml.allow_keys({"from", "to"});
        const double from = number_in(yaml, "from", limits), to = number_in(yaml, "to", limits);
        for (std::size_t i = 0; i < count; ++i) {
            const double along =
                count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
            values.push_back(from + along * (to - from));
        }
        return values;
    }
    for (const auto& item : yaml.list()) {
        values.push_back(number_in(item, limits));
    }
    if (values.size() != count) {
        yaml.fail(
            fmt::format("has {} numbers for {} beams; give one for all, one for each, or "
                        "{{from, to}}",
                        values.size(), count));
    }
    return values;
}

}  // namespace distillar::simulation
