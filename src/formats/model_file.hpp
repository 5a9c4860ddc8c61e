#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/int8_scales.hpp"
#include "formats/tensor.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::formats {

/// Everything a model file says about itself; stored as JSON in the safetensors metadata under
/// "distillar". `segment --model FILE` needs nothing else. Old schema versions keep loading.
struct ModelDescription {
    /// 2: quantized, 3: fused; what is neither is written as 1, which older programs read.
    static constexpr int current_schema = 3;
    int schema = 1;

    struct Backbone {
        std::string name = "waffleiron";
        int channels = 0;
        int depth = 0;
        std::string norm = "layernorm";
        std::string activation = "relu";
    } backbone;

    geometry::InputSpec input;

    struct Head {
        std::string kind;  ///< "linear", "mlp", "bn_linear", "bn_mlp", or "" for a bare backbone
        int outputs = 0;
        int hidden = 0;
    } head;

    /// Classes in order; empty for a distilled backbone.
    struct Class {
        std::string name;
        std::array<std::uint8_t, 3> color{};
    };
    std::string class_set;  ///< "pd8"
    std::vector<Class> classes;

    /// The sensor contract: what a scan must look like.
    struct Sensor {
        std::string frame = "canonical";  ///< or "published"
        float height = 0;                 ///< metres above the road, 0 = unknown
        geometry::IntensityScale intensity;
    } sensor;

    struct Provenance {
        std::string stage;  ///< "pretrain", "probe", "train", "converted"
        std::string config_hash;
        std::vector<std::string> data_sets;
        std::string teacher;
        std::string teacher_licence;
        std::string data_licence;
        std::string program_version;
    } provenance;

    /// How `distillar quantize` measured the file's int8 scales, and what they cost.
    struct Quantization {
        std::vector<std::string> data;
        int frames = 0;
        float same_labels = 0;  ///< share of points with fp32's label, on frames not measured
    };
    std::optional<Quantization> quantization;

    /// A fused model (xModel-KD): how it looks at images, and by which image network. Its tensors
    /// are models::Fused's.
    struct Fusion {
        std::string kind;        ///< "gate", "attention"
        int image_channels = 0;  ///< of the image network
        int hidden = 0;
        int heads = 0;
        int adapter = 0;
        std::string teacher_fingerprint;  ///< beside provenance.teacher
    };
    std::optional<Fusion> fusion;
};

struct ModelFile {
    ModelDescription description;
    Tensors tensors;  ///< the network's
    std::optional<Int8Scales> int8_scales = std::nullopt;
};

/// @throws base::Error if the file is not a described model (naming `distillar convert`), its
/// schema is newer than this program, or a field is missing or of the wrong type.
ModelFile read_model(const std::filesystem::path& file);
void write_model(const std::filesystem::path& file, const ModelFile& model);

/// @throws base::Error if the model is a fused one, which needs images beside scans.
void require_lidar_only(const ModelDescription& description, const std::string& source);

/// A description as YAML (`convert --describe FILE.yaml`, configs/published/*.yaml): input
/// features, activation, grids, field of view, classes. Sizes come from the weights.
ModelDescription description_from_yaml(const std::filesystem::path& file);

}  // namespace distillar::formats
