// What a model description may say.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "formats/model_json.hpp"
#include "formats/records.hpp"
#include "geometry/limits.hpp"

namespace distillar::formats {

namespace {

using geometry::max_cells;
using geometry::max_channels;
using geometry::max_depth;
using geometry::max_grids;
using geometry::max_neighbors;

void check_range(int value, int low, int high, const char* field,
                 const std::filesystem::path& file) {
    if (value < low || value > high) {
        base::fail_in(file, "model description: {} is {}: it must lie in {}..{}", field, value, low,
                      high);
    }
}

void check_grid(const geometry::PlaneGrid& grid, const std::filesystem::path& file) {
    check_range(grid.drop, 0, 2, "input.grids drop", file);
    check_range(grid.rows, 1, max_cells, "input.grids rows", file);
    check_range(grid.columns, 1, max_cells, "input.grids columns", file);
}

void check_fov(const geometry::FieldOfView& fov, const std::filesystem::path& file) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const bool finite = std::isfinite(fov.min[axis]) && std::isfinite(fov.max[axis]);
        if (!finite || !(fov.min[axis] < fov.max[axis])) {
            base::fail_in(file, "model description: input.fov is empty along {}: min {}, max {}",
                          "xyz"[axis], fov.min[axis], fov.max[axis]);
        }
    }
}

void check_head(const ModelDescription& description, const std::filesystem::path& file) {
    const auto& head = description.head;
    check_name(head.kind, {"", "linear", "mlp", "bn_linear", "bn_mlp"}, "head.kind", file);
    const bool hidden = head.kind == "mlp" || head.kind == "bn_mlp";
    check_range(head.outputs, head.kind.empty() ? 0 : 1, head.kind.empty() ? 0 : max_channels,
                "head.outputs", file);
    // 0: as wide as the tokens.
    check_range(head.hidden, 0, hidden ? max_channels : 0, "head.hidden", file);
    if (!description.classes.empty() &&
        description.classes.size() != static_cast<std::size_t>(head.outputs)) {
        base::fail_in(file, "model description: {} classes, but the head has {} outputs",
                      description.classes.size(), head.outputs);
    }
    if (description.classes.size() > 255) {
        base::fail_in(file, "model description: {} classes: at most 255 are possible",
                      description.classes.size());
    }
}

void check_fusion(const ModelDescription& description, const std::filesystem::path& file) {
    const auto& fusion = *description.fusion;
    check_name(fusion.kind, {"gate", "attention"}, "fusion.kind", file);
    check_range(fusion.image_channels, 1, max_channels, "fusion.image_channels", file);
    check_range(fusion.hidden, 1, max_channels, "fusion.hidden", file);
    check_range(fusion.heads, 1, description.backbone.channels, "fusion.heads", file);
    check_range(fusion.adapter, 0, max_channels, "fusion.adapter", file);
    if (description.classes.empty()) {
        base::fail_in(file, "model description: a fusion without classes");
    }
    if (description.quantization) {
        base::fail_in(file, "model description: a fused model has no int8 scales");
    }
}

}  // namespace

void check_name(const std::string& value, const std::vector<std::string>& known, const char* field,
                const std::filesystem::path& file) {
    if (std::find(known.begin(), known.end(), value) == known.end()) {
        base::fail_in(file, "model description: {} is \"{}\": it must be one of {}", field,
                      printable(value), base::join(known));
    }
}

void check_input(const geometry::InputSpec& input, const std::filesystem::path& file) {
    if (input.features.empty()) {
        base::fail_in(file, "model description: input.features is empty");
    }
    std::set<std::string> once;
    for (const std::string& feature : input.features) {
        check_name(feature, {"intensity", "x", "y", "z", "radius", "height", "constant"},
                   "input.features", file);
        if (!once.insert(feature).second) {
            base::fail_in(file, "model description: input.features names {} twice", feature);
        }
    }
    if (!std::isfinite(input.voxel) || input.voxel < 0) {
        base::fail_in(file, "model description: input.voxel is {}: give metres, or 0 for none",
                      input.voxel);
    }
    check_range(input.neighbors, 1, max_neighbors, "input.neighbors", file);
    check_fov(input.fov, file);
    check_range(static_cast<int>(std::min<std::size_t>(input.grids.size(), max_grids + 1)), 1,
                max_grids, "the number of input.grids", file);
    for (const geometry::PlaneGrid& grid : input.grids) {
        check_grid(grid, file);
    }
}

void check_sensor(const ModelDescription::Sensor& sensor, const std::filesystem::path& file) {
    check_name(sensor.frame, {"canonical", "published"}, "sensor.frame", file);
    if (!std::isfinite(sensor.height)) {
        base::fail_in(file, "model description: sensor.height is not finite");
    }
    const auto& intensity = sensor.intensity;
    if (!std::isfinite(intensity.mean) || !std::isfinite(intensity.deviation) ||
        !(intensity.deviation > 0)) {
        base::fail_in(file,
                      "model description: sensor.intensity is ({} +- {}): the deviation must be "
                      "above 0",
                      intensity.mean, intensity.deviation);
    }
}

void check_description(const ModelDescription& description, const std::filesystem::path& file) {
    const auto& backbone = description.backbone;
    check_name(backbone.name, {"waffleiron"}, "backbone.name", file);
    check_range(backbone.channels, 1, max_channels, "backbone.channels", file);
    check_range(backbone.depth, 1, max_depth, "backbone.depth", file);
    check_name(backbone.norm, {"batchnorm", "layernorm"}, "backbone.norm", file);
    check_name(backbone.activation, {"relu", "gelu"}, "backbone.activation", file);
    check_input(description.input, file);
    check_head(description, file);
    check_sensor(description.sensor, file);
    if (description.fusion) {
        check_fusion(description, file);
    }
}

}  // namespace distillar::formats
