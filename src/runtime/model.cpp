#include "runtime/model.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace distillar::runtime {

namespace {

const formats::ModelFile& lidar_classes(const formats::ModelFile& file, const std::string& source) {
    formats::require_lidar_only(file.description, source);
    if (file.description.classes.empty()) {
        base::fail("{}: is a backbone without classes; train a head first: distillar probe",
                   source);
    }
    return file;
}

const formats::Int8Scales& steps_of(const formats::ModelFile& file, const std::string& source,
                                    Precision precision) {
    static const formats::Int8Scales none;
    if (precision != Precision::int8) {
        return none;
    }
    if (!file.int8_scales) {
        base::fail(
            "{}: has no steps for int8; measure them on your scans: distillar quantize --model {} "
            "--calibrate DATA --out FILE",
            source, source);
    }
    return *file.int8_scales;
}

}  // namespace

bool has_engine(const formats::ModelDescription& description) {
    return description.backbone.name == "waffleiron";
}

Model::Model(const formats::ModelFile& file, const std::string& source, Precision precision)
    : source_(source),
      description_(file.description),
      network_(fold_weights(lidar_classes(file, source), source),
               static_cast<std::size_t>(file.description.input.neighbors), precision,
               steps_of(file, source, precision)) {}

std::shared_ptr<const Model> Model::load(const std::filesystem::path& file, Precision precision) {
    return std::make_shared<const Model>(formats::read_model(file), file.string(), precision);
}

bool Model::needs_intensity() const {
    const auto& features = description_.input.features;
    return std::find(features.begin(), features.end(), "intensity") != features.end();
}

}  // namespace distillar::runtime
