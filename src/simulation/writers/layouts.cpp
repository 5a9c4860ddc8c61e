#include "simulation/writers/layouts.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace distillar::simulation {

namespace {

/// What a layout of a public data set has a place for.
struct Limits {
    const char* sensor;  ///< the only lidar that its readers expect
    std::vector<std::string> cameras;
};

const Limits semantickitti{"hdl64e", {"image_2"}};
const Limits nuscenes{"hdl32e",
                      {"CAM_FRONT", "CAM_FRONT_RIGHT", "CAM_BACK_RIGHT", "CAM_BACK",
                       "CAM_BACK_LEFT", "CAM_FRONT_LEFT"}};

std::string misfit(const Rig& rig, const Limits& limits) {
    if (rig.lidars.size() != 1) {
        return fmt::format("it holds one lidar, the rig has {}", rig.lidars.size());
    }
    if (rig.lidars[0].model.name != limits.sensor) {
        return fmt::format("it holds scans of {}, the rig has {}", limits.sensor,
                           rig.lidars[0].model.name);
    }
    for (const auto& camera : rig.cameras) {
        if (std::find(limits.cameras.begin(), limits.cameras.end(), camera.name) ==
            limits.cameras.end()) {
            return fmt::format("it has no camera '{}', only {}", camera.name,
                               base::join(limits.cameras));
        }
    }
    return "";
}

}  // namespace

const std::vector<std::string>& known_layouts() {
    static const std::vector<std::string> layouts{"semantickitti", "nuscenes", "log"};
    return layouts;
}

std::string misfit(const Rig& rig, const std::string& layout) {
    if (layout == "semantickitti") {
        return misfit(rig, semantickitti);
    }
    return layout == "nuscenes" ? misfit(rig, nuscenes) : "";
}

std::string choose_layout(const Rig& rig, const std::string& layout) {
    if (layout.empty()) {
        return rig.layouts.front();
    }
    const auto& known = known_layouts();
    if (std::find(known.begin(), known.end(), layout) == known.end()) {
        base::fail("--format {}: there is no such layout; did you mean '{}'? There are: {}", layout,
                   base::nearest_name(layout, known), base::join(known));
    }
    const auto& named = rig.layouts;
    if (layout != "log" && std::find(named.begin(), named.end(), layout) == named.end()) {
        const std::string reason = misfit(rig, layout);
        base::fail(
            "--format {} does not fit the rig {}: {}; write --format log, which holds any rig",
            layout, rig.name,
            reason.empty() ? "it is not among `layouts` in " + rig.file.string() : reason);
    }
    return layout;
}

}  // namespace distillar::simulation
