/// Strict YAML: every value that a text holds, read as everything.
#include "base/yaml.hpp"

#include <cstdint>

#include "fuzz/target.hpp"

using namespace distillar;

namespace {

using base::Yaml;
using fuzz::survive;

class Walk {
public:
    void visit(const Yaml& yaml) {
        if (++visits_ > most_visits) {
            return;  // anchors may make a text refer to itself
        }
        read_scalars(yaml);
        survive([&] { yaml.allow_keys({"lidar", "cameras"}); });
        survive([&] {
            for (const auto& [key, value] : yaml.items()) {
                fuzz::require(yaml.has(key), "a key of the mapping is not in it");
                visit(value);
            }
        });
        survive([&] {
            for (const auto& value : yaml.list()) {
                visit(value);
            }
        });
    }

private:
    static constexpr int most_visits = 200;

    static void read_scalars(const Yaml& yaml) {
        survive([&] { yaml.as<bool>(); });
        survive([&] { yaml.as<int>(); });
        survive([&] { yaml.as<std::uint64_t>(); });
        survive([&] { yaml.as<float>(); });
        survive([&] { yaml.as<std::string>(); });
        survive([&] { yaml.as<std::vector<double>>(); });
        survive([&] { yaml.as<std::vector<std::string>>(); });
        survive([&] { yaml["lidar"].get("height", 0.0); });
    }

    int visits_ = 0;
};

}  // namespace

FUZZ_TARGET(yaml) {
    survive([&] {
        auto yaml = Yaml::parse(fuzz::text_of(bytes), "fuzz.yaml");
        Walk().visit(yaml);
        yaml.dump();
        yaml.set("train.steps", "4");
    });
}
