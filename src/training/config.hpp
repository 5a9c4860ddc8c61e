#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "datasets/dataset.hpp"
#include "formats/model_file.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::training {

struct TeacherConfig {
    /// "features": files of any network; "dinov2", "espnetv2": run here, each image once.
    std::string kind = "features";
    std::filesystem::path images;    ///< features: root of the images
    std::filesystem::path features;  ///< features: root of the feature files; else: the cache
    std::filesystem::path weights;   ///< dinov2, espnetv2
    int height = 224;                ///< dinov2: input size, pixels
    int width = 448;
    bool pre_norm = true;
    std::string precision = "fp32";  ///< dinov2 on the CPU: or "bf16" [ours]
};

/// Which points a distillation sample keeps, and which images teach it.
struct ViewConfig {
    bool all_cameras =
        false;  ///< false: one camera at random (published); true: all at once [ours]
    bool unseen_points = false;  ///< false: only points in the image (published); true: all [ours]
};

struct OptimiserConfig {
    double learning_rate = 1e-3;
    double weight_decay = 0.003;
    double layer_decay = 1;
    double backbone_scale = 1;  ///< [ours] learning rate of a fine-tuned backbone, relative
    /// [ours] fine-tuning keeps the embedding's batch-norm statistics: those of the distillation
    /// corpus, which has seen the target's sensor, not those of the labelled source alone.
    bool freeze_statistics = false;
};

struct ScheduleConfig {
    std::string kind = "warmup_cosine";  ///< or "warmup_rsqrt_cooldown"
    double warmup_epochs = 2;            ///< where warmup_steps is not given
    std::int64_t warmup_steps = -1;
    double min_factor = 0;
    double cooldown_epochs = 2;  ///< rsqrt: the last epochs fall linearly to 0
    double timescale_epochs = 0.45;
};

struct LossConfig {
    double lovasz = 1;
};

struct ProbeCacheConfig {
    int augmented_views =
        4;  ///< token views per scan drawn once, beside the plain one; 0: no cache
};

/// A run, fully resolved: what `config.yaml` beside every run holds.
struct RunConfig {
    static constexpr int current_schema = 1;
    std::string stage;  ///< "pretrain", "probe", "train"
    std::uint64_t seed = 0;
    std::string device = "cpu";

    formats::ModelDescription model;  ///< architecture and input; classes come with labels
    double drop_path = 0;
    /// "stored": what backward needs; "recomputed" [ours]: each layer's input alone (same bits,
    /// less memory, more time).
    std::string activations = "stored";
    std::filesystem::path weights;  ///< model file to start from; "" = from scratch

    TeacherConfig teacher;  ///< pretrain
    ViewConfig views;
    std::string setting;  ///< labels of its source side
    std::vector<datasets::Selection> train;
    std::vector<datasets::Selection> validation;
    geometry::Augmentation augmentation;

    std::int64_t steps = 0;  ///< 0: epochs x samples / batch
    double epochs = 20;
    int batch = 8;
    OptimiserConfig optimiser;
    ScheduleConfig schedule;
    LossConfig loss;
    ProbeCacheConfig cache;

    std::int64_t log_every = 10;
    std::int64_t checkpoint_every = 200;
    int keep_checkpoints = 1;

    std::string resolved;  ///< the YAML text of the resolved config
};

/// Reads a config; unknown keys are errors with the nearest known name. `stage` decides the
/// published defaults (methods.md 3: ScaLR's).
/// @param overrides  "a.b=c" from --set, applied before reading.
RunConfig load_config(const std::filesystem::path& file, const std::string& stage,
                      const std::vector<std::string>& overrides);

/// Sets the "a.b=c" of --set in a config. @throws base::Error for one without a key.
void apply_overrides(base::Yaml& yaml, const std::vector<std::string>& overrides);

/// @throws base::Error if `distillar-config` is another schema than the one the program reads.
void require_schema(const base::Yaml& yaml, int schema);

/// The config as YAML that load_config reads back to the same values.
std::string resolved_text(const RunConfig& config);

/// 64 bits of the resolved text as hexadecimal: provenance, and whether a run may be resumed.
std::string config_hash(const std::string& resolved);

}  // namespace distillar::training
