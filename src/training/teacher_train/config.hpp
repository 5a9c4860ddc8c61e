#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/taxonomy.hpp"
#include "models/dinov2.hpp"

namespace distillar::training {

/// How an image becomes a training input: a window is cut out, brought to the input's size, perhaps
/// mirrored, and its colours are changed. All [ours].
struct ImageAugmentation {
    double smallest_area = 0.25;  ///< of the window, of the image's; the largest is 1
    double aspect = 1.33;         ///< its width / height: the image's, times or over up to this
    double flip_probability = 0.5;
    double color = 0.3;  ///< brightness, contrast, saturation: times 1 - color .. 1 + color
};

/// The objective "supervised": classes of the cells x cells parts of every patch.
struct PixelClassesConfig {
    int cells = 4;
    double weight_power = 0.5;  ///< a class's weight is its frequency to the power of minus this
};

/// The objective "masked" (masked autoencoder, He et al., 2022): the pixels of hidden patches, each
/// patch normalised.
struct MaskedConfig {
    double ratio = 0.75;  ///< share of the patches that is hidden
    int decoder_dim = 64;
    int decoder_depth = 2;
    int decoder_heads = 2;
};

/// A run of `distillar teacher train`, fully resolved.
struct TeacherTrainConfig {
    static constexpr int current_schema = 1;
    std::string objective = "supervised";  ///< or "masked"
    std::uint64_t seed = 0;
    std::string device = "cpu";
    models::DinoV2Config network{96, 6, 3, 14, 16, 0, false};
    int height = 224;  ///< of the input, pixels: multiples of the patch
    int width = 448;
    std::vector<std::filesystem::path> data;  ///< folders of simulated data sets
    std::filesystem::path classes;            ///< list of pixel classes; configs/teachers
    datasets::Taxonomy taxonomy;              ///< what it holds
    PixelClassesConfig supervised;
    MaskedConfig masked;
    ImageAugmentation augmentation;

    std::int64_t steps = 1000;
    int batch = 16;
    double learning_rate = 1e-3;
    double weight_decay = 0.05;
    std::int64_t warmup_steps = 50;
    double min_factor = 0.01;

    std::int64_t log_every = 10;
    std::int64_t checkpoint_every = 100;
    int keep_checkpoints = 1;

    std::string resolved;  ///< the YAML text of the resolved config
};

/// Reads a config; unknown keys are errors with the nearest known name.
/// @param overrides  "a.b=c" from --set, applied before reading.
/// @param data       folders from --data; they take the place of the config's.
TeacherTrainConfig load_teacher_train_config(const std::filesystem::path& file,
                                             const std::vector<std::string>& overrides,
                                             const std::vector<std::string>& data);

}  // namespace distillar::training
