#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "datasets/dataset.hpp"
#include "formats/model_file.hpp"
#include "geometry/preprocess.hpp"
#include "training/adapt_config.hpp"
#include "training/fuse_config.hpp"
#include "training/sampler.hpp"
#include "training/teacher_config.hpp"

namespace distillar::training {

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

/// Of a frozen backbone's tokens.
struct TokenCacheConfig {
    /// Views of a scan drawn once, beside the plain one; 0: no cache, each sample is augmented anew
    /// (as published).
    int augmented_views = 4;
    std::int64_t points = 0;  ///< kept of each view, at random: a head looks at each alone; 0: all
    /// "": beside the run, removed at its end. Else runs with the same backbone, seed, data, input
    /// and augmentation share what lies here, and it stays.
    std::filesystem::path folder;
};

/// A run, fully resolved: what `config.yaml` beside every run holds.
struct RunConfig {
    static constexpr int current_schema = 1;
    std::string stage;  ///< "pretrain", "probe", "train", "adapt", "fuse"
    std::uint64_t seed = 0;
    std::string device = "cpu";

    formats::ModelDescription model;  ///< architecture and input; classes come with labels
    double drop_path = 0;
    /// "stored": what backward needs; "recomputed" [ours]: each layer's input alone (same bits,
    /// less memory, more time).
    std::string activations = "stored";
    std::filesystem::path weights;  ///< model file to start from; "" = from scratch

    TeacherConfig teacher;  ///< pretrain, fuse
    ViewConfig views;
    std::string setting;  ///< labels of its source side
    std::vector<datasets::Selection> train;
    std::vector<datasets::Selection> validation;
    std::vector<datasets::Selection> target;  ///< adapt: scans alone, labels are not read
    geometry::Augmentation augmentation;

    std::int64_t steps = 0;  ///< 0: epochs x samples / batch
    double epochs = 20;
    int batch = 8;
    OptimiserConfig optimiser;
    ScheduleConfig schedule;
    LossConfig loss;
    TokenCacheConfig cache;  ///< probe, adapt
    AdaptConfig adapt;
    FuseConfig fuse;
    LabelledShare labelled;  ///< train, fuse

    std::int64_t log_every = 10;
    int bad_steps = 10;  ///< in a row, whose loss or gradient is not finite: then the run fails
    std::int64_t checkpoint_every = 200;
    int keep_checkpoints = 1;     ///< the newest
    std::int64_t keep_every = 0;  ///< steps whose multiples' checkpoints are kept too; 0: none

    std::string resolved;  ///< the YAML text of the resolved config
};

/// Reads a config; unknown keys are errors with the nearest known name. `stage` decides the
/// published defaults (methods.md 3: ScaLR's).
/// @param overrides  "a.b=c" from --set, applied before reading.
/// @param to_come  describes `weights` while another run is still to write that file; null: it must
///                 be there.
RunConfig load_config(const std::filesystem::path& file, const std::string& stage,
                      const std::vector<std::string>& overrides,
                      const formats::ModelDescription* to_come = nullptr);

/// One entry of a config's data list, in one line.
std::string selection_text(const datasets::Selection& selection);

/// Sets the "a.b=c" of --set in a config. @throws base::Error for one without a key.
void apply_overrides(base::Yaml& yaml, const std::vector<std::string>& overrides);

/// @throws base::Error if `distillar-config` is another schema than the one the program reads.
void require_schema(const base::Yaml& yaml, int schema);

/// The config as YAML that load_config reads back to the same values.
std::string resolved_text(const RunConfig& config);

/// 64 bits of the resolved text as hexadecimal: provenance, and whether a run may be resumed.
std::string config_hash(const std::string& resolved);

}  // namespace distillar::training
