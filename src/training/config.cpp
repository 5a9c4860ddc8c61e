#include "training/config.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"

namespace distillar::training {

namespace {

using base::Yaml;

template <typename T>
void read(const Yaml& yaml, const char* key, T& value) {
    value = yaml.get<T>(key, value);
}

void read(const Yaml& yaml, const char* key, std::filesystem::path& value) {
    const auto text = yaml.get<std::string>(key, "");
    if (!text.empty()) {
        value = base::expand_path(text);
    }
}

void require(const Yaml& yaml, const char* key, bool holds, const char* rule) {
    if (!holds) {
        const auto value = yaml.find(key);
        (value ? *value : yaml).fail(std::string(key) + " must be " + rule);
    }
}

void choose(const Yaml& yaml, const char* key, std::string& value,
            const std::vector<std::string>& choices) {
    read(yaml, key, value);
    for (const auto& choice : choices) {
        if (value == choice) {
            return;
        }
    }
    yaml[key].fail("'" + value + "' is not one of: " + fmt::format("{}", fmt::join(choices, ", ")));
}

void read_fov(const Yaml& yaml, geometry::FieldOfView& fov) {
    const auto field = yaml.find("fov");
    if (!field) {
        return;
    }
    const auto corners = field->list();
    if (corners.size() != 2) {
        field->fail("expected [[xmin, ymin, zmin], [xmax, ymax, zmax]]");
    }
    const auto low = corners[0].as<std::vector<float>>();
    const auto high = corners[1].as<std::vector<float>>();
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (low.size() != 3 || high.size() != 3 || !(low[axis] < high[axis])) {
            field->fail(
                "expected [[xmin, ymin, zmin], [xmax, ymax, zmax]], each max above its min");
        }
        fov.min[axis] = low[axis];
        fov.max[axis] = high[axis];
    }
}

/// `cell: 0.5` gives the three planes their grids; it is the form that keeps weights usable on any
/// field of view. `grids` writes them out.
void read_grids(const Yaml& yaml, geometry::InputSpec& input) {
    const double cell = yaml.get("cell", 0.5);
    require(yaml, "cell", cell > 0, "above 0 (metres)");
    const auto cells = [&](std::size_t axis) {
        const double extent = double{input.fov.max[axis]} - double{input.fov.min[axis]};
        return std::max(1, static_cast<int>(std::lround(extent / cell)));
    };
    input.grids = {{2, cells(0), cells(1)}, {1, cells(0), cells(2)}, {0, cells(1), cells(2)}};
}

void read_input(const Yaml& yaml, geometry::InputSpec& input) {
    yaml.allow_keys({"features", "voxel", "neighbors", "fov", "cell"});
    read(yaml, "features", input.features);
    read(yaml, "voxel", input.voxel);
    read(yaml, "neighbors", input.neighbors);
    require(yaml, "voxel", input.voxel >= 0, "0 or above (metres)");
    require(yaml, "neighbors", input.neighbors >= 1 && input.neighbors <= 64, "1 to 64");
    read_fov(yaml, input.fov);
    read_grids(yaml, input);
}

void read_model(const Yaml& yaml, RunConfig& config) {
    yaml.allow_keys({"backbone", "head", "input"});
    if (const auto backbone = yaml.find("backbone")) {
        backbone->allow_keys({"name", "channels", "depth", "norm", "activation", "drop_path"});
        auto& to = config.model.backbone;
        choose(*backbone, "name", to.name, {"waffleiron"});
        read(*backbone, "channels", to.channels);
        read(*backbone, "depth", to.depth);
        choose(*backbone, "norm", to.norm, {"layernorm", "batchnorm"});
        choose(*backbone, "activation", to.activation, {"relu", "gelu"});
        read(*backbone, "drop_path", config.drop_path);
        require(*backbone, "channels", to.channels >= 1 && to.channels <= 4096, "1 to 4096");
        require(*backbone, "depth", to.depth >= 1 && to.depth <= 512, "1 to 512");
        require(*backbone, "drop_path", config.drop_path >= 0 && config.drop_path < 1, "in [0, 1)");
    }
    if (const auto head = yaml.find("head")) {
        head->allow_keys({"kind", "hidden"});
        choose(*head, "kind", config.model.head.kind, {"linear", "mlp", "bn_linear", "bn_mlp"});
        read(*head, "hidden", config.model.head.hidden);
        require(*head, "hidden", config.model.head.hidden >= 0,
                "0 or above (0: as wide as tokens)");
    }
    if (const auto input = yaml.find("input")) {
        read_input(*input, config.model.input);
    }
}

void read_teacher(const Yaml& yaml, TeacherConfig& teacher) {
    yaml.allow_keys(
        {"kind", "images", "features", "weights", "height", "width", "pre_norm", "precision"});
    choose(yaml, "kind", teacher.kind, {"features", "dinov2", "espnetv2"});
    read(yaml, "images", teacher.images);
    read(yaml, "features", teacher.features);
    read(yaml, "weights", teacher.weights);
    read(yaml, "height", teacher.height);
    read(yaml, "width", teacher.width);
    read(yaml, "pre_norm", teacher.pre_norm);
    choose(yaml, "precision", teacher.precision, {"fp32", "bf16"});
    require(yaml, "precision", teacher.precision == "fp32" || teacher.kind == "dinov2",
            "fp32 for this kind of teacher");
}

void read_augmentation(const Yaml& yaml, geometry::Augmentation& augmentation) {
    yaml.allow_keys({"order", "random_voxel_point", "max_points", "rotate", "flip_probability",
                     "scale", "tilt", "height_jitter"});
    const bool before = augmentation.order == geometry::Augmentation::Order::distillation;
    std::string order = before ? "distillation" : "downstream";
    choose(yaml, "order", order, {"distillation", "downstream"});
    augmentation.order = order == "distillation" ? geometry::Augmentation::Order::distillation
                                                 : geometry::Augmentation::Order::downstream;
    read(yaml, "random_voxel_point", augmentation.random_voxel_point);
    read(yaml, "max_points", augmentation.max_points);
    read(yaml, "rotate", augmentation.rotate);
    read(yaml, "flip_probability", augmentation.flip_probability);
    read(yaml, "scale", augmentation.scale);
    read(yaml, "tilt", augmentation.tilt);
    read(yaml, "height_jitter", augmentation.height_jitter);
    require(yaml, "max_points", augmentation.max_points >= 0, "0 (no limit) or above");
    require(yaml, "flip_probability",
            augmentation.flip_probability >= 0 && augmentation.flip_probability <= 1, "in [0, 1]");
    require(yaml, "scale", augmentation.scale >= 0 && augmentation.scale < 1, "in [0, 1)");
    require(yaml, "tilt", augmentation.tilt >= 0 && augmentation.tilt <= 45,
            "in [0, 45] (degrees)");
    require(yaml, "height_jitter",
            augmentation.height_jitter >= 0 && std::isfinite(augmentation.height_jitter),
            "0 or above (metres)");
}

void read_optimiser(const Yaml& yaml, OptimiserConfig& optimiser) {
    yaml.allow_keys(
        {"learning_rate", "weight_decay", "layer_decay", "backbone_scale", "freeze_statistics"});
    read(yaml, "learning_rate", optimiser.learning_rate);
    read(yaml, "weight_decay", optimiser.weight_decay);
    read(yaml, "layer_decay", optimiser.layer_decay);
    read(yaml, "backbone_scale", optimiser.backbone_scale);
    read(yaml, "freeze_statistics", optimiser.freeze_statistics);
    require(yaml, "learning_rate", optimiser.learning_rate > 0, "above 0");
    require(yaml, "weight_decay", optimiser.weight_decay >= 0, "0 or above");
    require(yaml, "layer_decay", optimiser.layer_decay > 0 && optimiser.layer_decay <= 1,
            "in (0, 1]");
}

void read_schedule(const Yaml& yaml, ScheduleConfig& schedule) {
    yaml.allow_keys({"kind", "warmup_epochs", "warmup_steps", "min_factor", "cooldown_epochs",
                     "timescale_epochs"});
    choose(yaml, "kind", schedule.kind, {"warmup_cosine", "warmup_rsqrt_cooldown"});
    read(yaml, "warmup_epochs", schedule.warmup_epochs);
    read(yaml, "warmup_steps", schedule.warmup_steps);
    read(yaml, "min_factor", schedule.min_factor);
    read(yaml, "cooldown_epochs", schedule.cooldown_epochs);
    read(yaml, "timescale_epochs", schedule.timescale_epochs);
}

void read_data(const Yaml& yaml, RunConfig& config) {
    yaml.allow_keys({"train", "validation"});
    for (const auto& entry : yaml["train"].list()) {
        config.train.push_back(datasets::selection_from(entry));
    }
    if (const auto validation = yaml.find("validation")) {
        for (const auto& entry : validation->list()) {
            config.validation.push_back(datasets::selection_from(entry));
        }
    }
    if (config.train.empty()) {
        yaml["train"].fail("is empty; name at least one data set");
    }
}

/// Published values of the stage (methods.md 3, ScaLR's columns).
RunConfig defaults_of(const std::string& stage) {
    RunConfig config;
    config.stage = stage;
    config.model.backbone.channels = 768;
    config.model.backbone.depth = 48;
    if (stage == "pretrain") {
        config.model.head.kind = "linear";
        config.epochs = 25;
        config.optimiser = {2e-3, 0.03, 1, 1, false};
        config.schedule.warmup_steps = 3500;
        config.schedule.min_factor = 1e-5 / 2e-3;
        return config;
    }
    config.augmentation.order = geometry::Augmentation::Order::downstream;
    config.model.head.kind = stage == "probe" ? "bn_mlp" : "bn_linear";
    if (stage == "probe") {
        config.epochs = 20;
        config.optimiser = {1e-3, 0.003, 1, 1, false};
        config.schedule.min_factor = 1e-5 / 1e-3;
    } else {
        config.epochs = 25;
        config.drop_path = 0.2;
        config.optimiser = {2e-3, 0, 0.99, 1, false};
    }
    return config;
}

const std::vector<std::string> known_keys{"distillar-config",
                                          "seed",
                                          "device",
                                          "model",
                                          "activations",
                                          "weights",
                                          "teacher",
                                          "views",
                                          "setting",
                                          "data",
                                          "steps",
                                          "epochs",
                                          "batch",
                                          "optimiser",
                                          "schedule",
                                          "loss",
                                          "cache",
                                          "augmentation",
                                          "log_every",
                                          "checkpoint_every",
                                          "keep_checkpoints"};

void read_run(const Yaml& yaml, RunConfig& config) {
    read(yaml, "seed", config.seed);
    choose(yaml, "device", config.device, {"cpu", "cuda"});
    choose(yaml, "activations", config.activations, {"stored", "recomputed"});
    read(yaml, "weights", config.weights);
    read(yaml, "setting", config.setting);
    read(yaml, "steps", config.steps);
    read(yaml, "epochs", config.epochs);
    read(yaml, "batch", config.batch);
    read(yaml, "log_every", config.log_every);
    read(yaml, "checkpoint_every", config.checkpoint_every);
    read(yaml, "keep_checkpoints", config.keep_checkpoints);
    require(yaml, "steps", config.steps >= 0, "0 (use epochs) or above");
    require(yaml, "epochs", config.epochs > 0, "above 0");
    require(yaml, "batch", config.batch >= 1, "1 or above");
    require(yaml, "log_every", config.log_every >= 1, "1 or above");
    require(yaml, "checkpoint_every", config.checkpoint_every >= 1, "1 or above");
    require(yaml, "keep_checkpoints", config.keep_checkpoints >= 1, "1 or above");
}

void read_sections(const Yaml& yaml, RunConfig& config) {
    if (const auto section = yaml.find("model")) {
        read_model(*section, config);
    }
    if (const auto section = yaml.find("teacher")) {
        read_teacher(*section, config.teacher);
    }
    if (const auto section = yaml.find("views")) {
        section->allow_keys({"all_cameras", "unseen_points"});
        read(*section, "all_cameras", config.views.all_cameras);
        read(*section, "unseen_points", config.views.unseen_points);
    }
    if (const auto section = yaml.find("augmentation")) {
        read_augmentation(*section, config.augmentation);
    }
    if (const auto section = yaml.find("optimiser")) {
        read_optimiser(*section, config.optimiser);
    }
    if (const auto section = yaml.find("schedule")) {
        read_schedule(*section, config.schedule);
    }
    if (const auto section = yaml.find("loss")) {
        section->allow_keys({"lovasz"});
        read(*section, "lovasz", config.loss.lovasz);
    }
    if (const auto section = yaml.find("cache")) {
        section->allow_keys({"augmented_views"});
        read(*section, "augmented_views", config.cache.augmented_views);
        require(*section, "augmented_views", config.cache.augmented_views >= 0, "0 or above");
    }
    read_data(yaml["data"], config);
}

/// Backbone, input features and origin are those of the weights; field of view, grids and voxel
/// size may change (methods.md 2.1: grid size is no weight's shape).
void continue_from_weights(const Yaml& yaml, RunConfig& config) {
    const formats::ModelDescription stored = formats::read_model(config.weights).description;
    config.model.backbone = stored.backbone;
    config.model.input = stored.input;
    config.model.provenance = stored.provenance;
    read_sections(yaml, config);
    const auto& asked = config.model.backbone;
    const bool same = asked.name == stored.backbone.name &&
                      asked.channels == stored.backbone.channels &&
                      asked.depth == stored.backbone.depth && asked.norm == stored.backbone.norm &&
                      asked.activation == stored.backbone.activation &&
                      config.model.input.features == stored.input.features;
    if (!same) {
        yaml["model"].fail(
            fmt::format("backbone or input features differ from those of {}; leave them out, they "
                        "come with the "
                        "weights",
                        config.weights.string()));
    }
}

}  // namespace

void apply_overrides(Yaml& yaml, const std::vector<std::string>& overrides) {
    for (const auto& override_ : overrides) {
        const auto equals = override_.find('=');
        if (equals == std::string::npos || equals == 0) {
            base::fail("--set {}: expected KEY=VALUE, e.g. --set optimiser.learning_rate=0.001",
                       override_);
        }
        yaml.set(override_.substr(0, equals), override_.substr(equals + 1));
    }
}

void require_schema(const Yaml& yaml, int schema) {
    const int found = yaml["distillar-config"].as<int>();
    if (found != schema) {
        yaml["distillar-config"].fail(fmt::format(
            "schema {} is not known to this program, which reads {}; update it", found, schema));
    }
}

RunConfig load_config(const std::filesystem::path& file, const std::string& stage,
                      const std::vector<std::string>& overrides) {
    Yaml yaml = Yaml::load(file);
    apply_overrides(yaml, overrides);
    yaml.allow_keys(known_keys);
    require_schema(yaml, RunConfig::current_schema);
    RunConfig config = defaults_of(stage);
    read_run(yaml, config);
    if (config.weights.empty()) {
        read_sections(yaml, config);
    } else {
        continue_from_weights(yaml, config);
    }
    if (stage == "probe" && config.weights.empty()) {
        yaml.fail("probe needs a distilled backbone: give its model file as `weights: FILE`");
    }
    if (stage != "pretrain" && config.setting.empty()) {
        yaml.fail("give the classes as `setting: NAME` (one of configs/settings)");
    }
    config.resolved = resolved_text(config);
    return config;
}

std::string config_hash(const std::string& resolved) {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const char byte : resolved) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    }
    return fmt::format("{:016x}", hash);
}

}  // namespace distillar::training
