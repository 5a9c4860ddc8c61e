#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/taxonomy.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// How an image becomes a training input: a window is cut out, brought to the input's size, perhaps
/// mirrored, and its colours are changed. All [ours].
struct ImageAugmentation {
    double smallest_area = 0.25;
    double aspect = 1.33;
    double flip_probability = 0.5;
    double color = 0.3;
};

/// The objective "supervised": classes of the cells x cells parts of every patch.
struct PixelClassesConfig {
    int cells = 4;
    double weight_power = 0.5;
};

/// The objective "masked" (masked autoencoder, He et al., 2022): the pixels of hidden patches, each
/// patch normalised.
struct MaskedConfig {
    double ratio = 0.75;
    int decoder_dim = 64;
    int decoder_depth = 2;
    int decoder_heads = 2;
};

/// A run of `distillar teacher train`, fully resolved.
struct TeacherTrainConfig : BaseConfig {
    enum class Objective { supervised, masked };
    friend constexpr auto enum_names(Objective) { return std::array{"supervised", "masked"}; }
    Objective objective = Objective::supervised;
    models::DinoV2Config network{96, 6, 3, 14, 16, 0, false};
    int height = 224;
    int width = 448;
    std::vector<std::filesystem::path> data;  ///< folders of simulated data sets
    std::filesystem::path classes = "pixel-classes";
    datasets::Taxonomy taxonomy;  ///< what they hold
    PixelClassesConfig supervised;
    MaskedConfig masked;
    ImageAugmentation augmentation;
    double learning_rate = 1e-3;
    double weight_decay = 0.05;
    std::int64_t warmup_steps = 50;
    double min_factor = 0.01;

    TeacherTrainConfig();
    Stage stage() const override { return Stage::teacher; }
    void add_to(base::Schema& schema) override;
};

/// Reads a config; unknown keys are errors with the nearest known name.
/// @param overrides  "a.b=c" from --set, applied before reading.
/// @param data       folders from --data; they take the place of the config's.
TeacherTrainConfig load_teacher_train_config(const std::filesystem::path& file,
                                             const std::vector<std::string>& overrides,
                                             const std::vector<std::string>& data);

}  // namespace distillar::training
