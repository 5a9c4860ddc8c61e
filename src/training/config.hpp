#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/schema.hpp"
#include "datasets/dataset.hpp"
#include "datasets/sweeps.hpp"
#include "formats/model_file.hpp"
#include "geometry/limits.hpp"
#include "geometry/preprocess.hpp"
#include "models/image_network.hpp"

namespace distillar::training {

// Configs of the stages. What a key means, and what it may be, stands once: in add_to() of its
// struct (config_fields.cpp), which docs/config.md is written from.

enum class Stage { pretrain, probe, train, adapt, fuse, teacher };
constexpr auto enum_names(Stage) {
    return std::array{"pretrain", "probe", "train", "adapt", "fuse", "teacher"};
}

enum class Device { cpu, cuda };
constexpr auto enum_names(Device) {
    return std::array{"cpu", "cuda"};
}

enum class Activations { stored, recomputed };
constexpr auto enum_names(Activations) {
    return std::array{"stored", "recomputed"};
}

/// `teacher:` the image network that is distilled (docs/teachers.md).
struct TeacherConfig {
    enum class Kind { features, dinov2, espnetv2, torchscript };
    friend constexpr auto enum_names(Kind) {
        return std::array{"features", "dinov2", "espnetv2", "torchscript"};
    }
    Kind kind = Kind::features;
    std::filesystem::path images;
    std::filesystem::path features;
    std::filesystem::path weights;
    int height = 224;
    int width = 448;
    bool pre_norm = true;
    models::Precision precision = models::Precision::fp32;
    int heads = 0;
    bool imagenet = true;
    models::CellGeometry geometry = models::CellGeometry::centres;
    int pca = 0;
    int pca_images = 64;

    /// No key: a TorchScript module is a program, and only the user at the command line may say
    /// that it is trusted (--trust).
    bool trusted = false;

    void add_to(base::Schema& schema);
};

/// `views:` which points a distillation sample keeps, and which images teach it.
struct ViewConfig {
    bool all_cameras = false;
    bool unseen_points = false;
};

struct OptimiserConfig {
    double learning_rate = 1e-3;
    double weight_decay = 0.003;
    double layer_decay = 1;
    double backbone_scale = 1;
    bool freeze_statistics = false;
};

struct ScheduleConfig {
    enum class Kind { warmup_cosine, warmup_rsqrt_cooldown };
    friend constexpr auto enum_names(Kind) {
        return std::array{"warmup_cosine", "warmup_rsqrt_cooldown"};
    }
    Kind kind = Kind::warmup_cosine;
    double warmup_epochs = 2;
    std::int64_t warmup_steps = -1;
    double min_factor = 0;
    double cooldown_epochs = 2;
    double timescale_epochs = 0.45;

    void add_to(base::Schema& schema);
};

struct LossConfig {
    double lovasz = 1;
};

/// `cache:` of a frozen backbone's tokens.
struct TokenCacheConfig {
    int augmented_views = 4;
    std::int64_t points = 0;
    std::filesystem::path folder;

    void add_to(base::Schema& schema);
};

/// `labelled:` how many of the training frames keep their labels, for label efficiency.
struct LabelledShare {
    double share = 1;
    enum class Rule { every, random };
    friend constexpr auto enum_names(Rule) { return std::array{"every", "random"}; }
    Rule rule = Rule::every;
    int batch = 0;
};

/// How confident the teacher must be for its class to become a pseudo-label, class by class: TTYD's
/// scheme (methods.md 1). The threshold of class c, in each batch of target points, is
///     max(floor, share x peak_c x (1 - exp(-running_c / discount)))
/// with peak_c the highest confidence among the points whose most likely class is c, and running_c
/// the moving average of the mean probability of c, which the first batch starts [ours].
struct ClassThresholds {
    double share = 0.80;
    double floor = 0.20;
    double discount = 0.001;
    double momentum = 0.9;

    void add_to(base::Schema& schema);
};

/// `adapt:` a segmentation model on an unlabelled target. What MuDDoS's step 3 leaves open is
/// [ours] after SALUDA, CoSMix and TTYD (methods.md 1 and 5).
struct AdaptConfig {
    enum class Method { self_training, adabn };
    friend constexpr auto enum_names(Method) { return std::array{"self_training", "adabn"}; }
    enum class Thresholds { global, by_class };
    friend constexpr auto enum_names(Thresholds) { return std::array{"global", "class"}; }
    enum class Statistics { source, target };
    friend constexpr auto enum_names(Statistics) { return std::array{"source", "target"}; }
    enum class Result { student, teacher };
    friend constexpr auto enum_names(Result) { return std::array{"student", "teacher"}; }
    enum class Select { last, entropy };
    friend constexpr auto enum_names(Select) { return std::array{"last", "entropy"}; }

    Method method = Method::self_training;
    double ema = 0.99;
    std::int64_t ema_every = 1;
    Thresholds thresholds = Thresholds::global;
    double confidence = 0.9;
    ClassThresholds class_thresholds;
    double source_weight = 1;
    double target_weight = 1;
    double target_lovasz = 0;
    double entropy_weight = 0;
    Statistics statistics = Statistics::source;
    Result result = Result::student;
    Select select = Select::last;
    std::int64_t select_every = 500;
    int select_scans = 100;
    std::int64_t give_up_steps = 100;

    void add_to(base::Schema& schema);
};

/// Weights of xModel-KD's loss [ours, methods.md 3]:
///     seg(fused, y) + seg(student, y)
///       + contrastive (L_con + consistency L_mv)     projected tokens against projected views
///       + logits T^2 KL(fused || student) + features (1 - cos(P f, u))     into the student alone
/// Labels count where there are some; the other terms use every point.
struct CrossModalLossConfig {
    double contrastive = 0.1;
    double consistency = 1;
    double temperature = 0.07;
    bool symmetric = false;
    std::int64_t pairs = 4096;
    bool every_view = true;
    double logits = 1;
    double logit_temperature = 2;
    double features = 1;

    void add_to(base::Schema& schema);
};

/// `fuse:` how tokens meet image features, and what teaches whom.
struct FuseConfig {
    models::FusionKind fusion = models::FusionKind::gate;
    int hidden = 256;
    int heads = 4;
    int adapter = 0;
    int projection = 128;
    int projection_hidden = 256;
    CrossModalLossConfig loss;
    double camera_dropout = 0.1;
    double image_dropout = 0.1;
    datasets::Sweeps sweeps;

    void add_to(base::Schema& schema);
};

/// Which state of the network a run gives: its last, or the best on `data.validation`.
enum class Keep { last, best };
constexpr auto enum_names(Keep) {
    return std::array{"last", "best"};
}

/// What the runs of all stages share.
struct BaseConfig {
    static constexpr int current_schema = 1;

    std::uint64_t seed = 0;
    Device device = Device::cpu;
    std::int64_t steps = 0;
    int batch = 8;
    std::int64_t log_every = 10;
    std::int64_t checkpoint_every = 200;
    int keep_checkpoints = 1;
    std::int64_t keep_every = 0;
    int bad_steps = 10;

    std::string resolved;  ///< the whole config as YAML: what config.yaml beside every run holds

    virtual ~BaseConfig() = default;
    virtual Stage stage() const = 0;
    /// All fields of the stage.
    virtual void add_to(base::Schema& schema) = 0;

protected:
    void add_start_to(base::Schema& schema);
    void add_length_to(base::Schema& schema, std::int64_t least_steps);
    void add_rhythm_to(base::Schema& schema);
};

/// A run of a stage that works on scans, fully resolved. Each stage has a struct below; members of
/// this one that a stage's fields do not name keep their defaults.
struct RunConfig : BaseConfig {
    formats::ModelDescription model;  ///< architecture and input; classes come with labels
    double drop_path = 0;
    Activations activations = Activations::stored;
    std::filesystem::path weights;

    std::string setting;
    std::vector<datasets::Selection> train;
    std::vector<datasets::Selection> validation;
    std::vector<datasets::Selection> target;  ///< adapt: scans alone, labels are not read
    std::int64_t validate_every = 0;
    Keep keep = Keep::last;
    geometry::Augmentation augmentation;

    double epochs = 20;
    OptimiserConfig optimiser;
    ScheduleConfig schedule;
    LossConfig loss;

    void add_to(base::Schema& schema) override;

protected:
    RunConfig();
    /// The sections of the stage's own, in their place among the others.
    virtual void add_own_to(base::Schema& schema) = 0;
    virtual void add_data_to(base::Schema& data);
    void add_model_to(base::Schema& schema);
    void add_labelled_to(base::Schema& schema, LabelledShare& labelled);
    void add_optimiser_to(base::Schema& schema);

    bool trains_backbone() const;
};

/// MuDDoS step 1.
struct PretrainConfig : RunConfig {
    TeacherConfig teacher;
    ViewConfig views;

    PretrainConfig();
    Stage stage() const override { return Stage::pretrain; }

protected:
    void add_own_to(base::Schema& schema) override;
};

/// MuDDoS step 2.
struct ProbeConfig : RunConfig {
    TokenCacheConfig cache;

    ProbeConfig();
    Stage stage() const override { return Stage::probe; }

protected:
    void add_own_to(base::Schema& schema) override;
};

struct TrainConfig : RunConfig {
    LabelledShare labelled;

    TrainConfig();
    Stage stage() const override { return Stage::train; }

protected:
    void add_own_to(base::Schema& schema) override;
};

/// MuDDoS step 3 and its relatives.
struct AdaptRunConfig : RunConfig {
    AdaptConfig adapt;
    TokenCacheConfig cache;

    AdaptRunConfig();
    Stage stage() const override { return Stage::adapt; }

protected:
    void add_own_to(base::Schema& schema) override;
    void add_data_to(base::Schema& data) override;
};

/// xModel-KD.
struct FuseRunConfig : RunConfig {
    TeacherConfig teacher;
    FuseConfig fuse;
    LabelledShare labelled;

    FuseRunConfig();
    Stage stage() const override { return Stage::fuse; }

protected:
    void add_own_to(base::Schema& schema) override;
};

/// The config of a stage at its defaults: the published values (methods.md 3, ScaLR's columns).
std::unique_ptr<BaseConfig> new_config(Stage stage);
/// The same of a stage that works on scans. @throws base::Error for any other.
std::unique_ptr<RunConfig> new_run_config(Stage stage);

/// Reads a YAML file into a config at its defaults; unknown keys are errors with the nearest known
/// name, or with the stage that has them.
/// @param overrides  "a.b=c" from --set, applied before reading.
/// @param to_come  describes `weights` while another run is still to write that file; null: it must
///                 be there.
void load_config(RunConfig& config, const std::filesystem::path& file,
                 const std::vector<std::string>& overrides,
                 const formats::ModelDescription* to_come = nullptr);

/// The same as a value of its own.
template <typename Config>
Config load_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                   const formats::ModelDescription* to_come = nullptr) {
    Config config;
    load_config(config, file, overrides, to_come);
    return config;
}

/// The section `teacher` of a config of any stage; other keys are not looked at.
TeacherConfig load_teacher(const std::filesystem::path& file);

/// Whether a config.yaml that a run has written, perhaps by an older program, says what `config`
/// says: keys that it did not know have their defaults.
bool says_the_same(const std::string& written, const BaseConfig& config);

/// A whole config as YAML, and the same with each key's range and meaning as comments.
std::string resolved_text(const BaseConfig& config);
std::string config_reference(Stage stage);
/// docs/config.md.
std::string config_page();

/// One entry of a config's data list, in one line.
std::string selection_text(const datasets::Selection& selection);

/// For readers of configs: applies the overrides, and names the stage that has a foreign key.
/// @throws base::Error for an override without a key, another schema, or a key of another stage.
void prepare_config(base::Yaml& yaml, const std::vector<std::string>& overrides,
                    const BaseConfig& config);

/// 64 bits of the resolved text as hexadecimal: provenance.
std::string config_hash(const std::string& resolved);

/// What a scan looks like to the network, and how it is augmented: for names in shared caches.
std::string input_text(const RunConfig& config);

}  // namespace distillar::training
