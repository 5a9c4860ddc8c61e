#include "training/config.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "formats/model_json.hpp"
#include "geometry/features.hpp"
#include "training/config_keys.hpp"
#include "training/config_text.hpp"

namespace distillar::training {

namespace {

using base::Yaml;

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
        if (low.size() != 3 || high.size() != 3 || !(low[axis] < high[axis]) ||
            !std::isfinite(high[axis] - low[axis])) {
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
    if (const auto grids = yaml.find("grids")) {
        require(yaml, "cell", !yaml.has("cell"), "left out where grids are given");
        input.grids = formats::grids_from(*grids);
    } else {
        const double cell = yaml.get("cell", 0.5);
        require(yaml, "cell", cell > 0 && std::isfinite(cell), "above 0 (metres)");
        input.grids = grids_of(input.fov, cell);
    }
    const bool cells = std::all_of(input.grids.begin(), input.grids.end(), [](const auto& grid) {
        return grid.drop >= 0 && grid.drop <= 2 && std::min(grid.rows, grid.columns) >= 1 &&
               std::max(grid.rows, grid.columns) <= formats::max_cells;
    });
    require(yaml, yaml.has("grids") ? "grids" : "cell",
            cells && !input.grids.empty() && input.grids.size() <= formats::max_grids,
            "such that each of 1 to 64 planes has 1 to 16384 rows and columns of cells");
}

void read_input(const Yaml& yaml, geometry::InputSpec& input) {
    yaml.allow_keys({"features", "voxel", "neighbors", "fov", "cell", "grids"});
    read(yaml, "features", input.features);
    try {
        geometry::check_feature_names(input.features);
    } catch (const base::Error& error) {
        yaml["features"].fail(error.what());
    }
    read(yaml, "voxel", input.voxel);
    read(yaml, "neighbors", input.neighbors);
    require(yaml, "voxel", input.voxel >= 0 && std::isfinite(input.voxel), "0 or above (metres)");
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
        const std::string form = config.model.head.kind;
        choose(*head, "kind", config.model.head.kind, {"linear", "mlp", "bn_linear", "bn_mlp"});
        if (config.model.head.kind != form) {  // the width was that form's
            config.model.head.hidden = 0;
        }
        read(*head, "hidden", config.model.head.hidden);
        require(*head, "hidden", config.model.head.hidden >= 0,
                "0 or above (0: as wide as tokens)");
    }
    if (const auto input = yaml.find("input")) {
        read_input(*input, config.model.input);
    }
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
    read_positive(yaml, "learning_rate", optimiser.learning_rate);
    read_weight(yaml, "weight_decay", optimiser.weight_decay);
    read(yaml, "layer_decay", optimiser.layer_decay);
    read_weight(yaml, "backbone_scale", optimiser.backbone_scale);
    read(yaml, "freeze_statistics", optimiser.freeze_statistics);
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
    const auto epochs = [](double value) { return value >= 0 && value <= 1e9; };
    require(yaml, "warmup_epochs", epochs(schedule.warmup_epochs), "0 to 1e9");
    require(yaml, "cooldown_epochs", epochs(schedule.cooldown_epochs), "0 to 1e9");
    require(yaml, "timescale_epochs",
            epochs(schedule.timescale_epochs) && schedule.timescale_epochs > 0,
            "above 0, at most 1e9");
    require(yaml, "min_factor", schedule.min_factor >= 0 && schedule.min_factor <= 1, "in [0, 1]");
}

void read_cache(const Yaml& yaml, TokenCacheConfig& cache) {
    yaml.allow_keys({"augmented_views", "points", "folder"});
    read(yaml, "augmented_views", cache.augmented_views);
    require(yaml, "augmented_views", cache.augmented_views >= 0, "0 or above");
    read(yaml, "points", cache.points);
    require(yaml, "points", cache.points >= 0, "0 (all) or above");
    read(yaml, "folder", cache.folder);
    require(yaml, "folder", cache.folder.empty() || cache.augmented_views > 0,
            "left out where augmented_views is 0: nothing is cached");
}

/// The list of data sets under a key, which names at least one.
std::vector<datasets::Selection> selections_at(const Yaml& yaml, const char* key) {
    std::vector<datasets::Selection> selections;
    for (const auto& entry : yaml[key].list()) {
        selections.push_back(datasets::selection_from(entry));
    }
    if (selections.empty()) {
        yaml[key].fail("is empty; name at least one data set");
    }
    return selections;
}

/// Source scans with labels and target scans without; AdaBN needs no source.
void read_source_and_target(const Yaml& yaml, RunConfig& config) {
    yaml.allow_keys({"train", "target"});
    if (config.adapt.method != "adabn" || yaml.has("train")) {
        config.train = selections_at(yaml, "train");
    }
    config.target = selections_at(yaml, "target");
    for (auto& selection : config.train) {
        selection.with_cameras = false;
    }
    for (auto& selection : config.target) {
        selection.with_cameras = false;
        selection.labels = false;  // never read, whatever the entry says
    }
}

void read_data(const Yaml& yaml, RunConfig& config) {
    if (config.stage == "adapt") {
        read_source_and_target(yaml, config);
        return;
    }
    yaml.allow_keys({"train", "validation"});
    config.train = selections_at(yaml, "train");
    if (const auto validation = yaml.find("validation")) {
        for (const auto& entry : validation->list()) {
            config.validation.push_back(datasets::selection_from(entry));
        }
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
    if (stage == "adapt") {  // the learning rate stays as it is
        config.steps = 5000;
        config.batch = 4;
        config.optimiser = {1e-4, 0.003, 1, 1, false};
        config.schedule.warmup_steps = 0;
        config.schedule.min_factor = 1;
        return config;
    }
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
                                          "adapt",
                                          "fuse",
                                          "labelled",
                                          "augmentation",
                                          "log_every",
                                          "checkpoint_every",
                                          "keep_checkpoints",
                                          "keep_every",
                                          "bad_steps"};

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
    read(yaml, "keep_every", config.keep_every);
    require(yaml, "steps", config.steps >= 0, "0 (use epochs) or above");
    require(yaml, "epochs", config.epochs > 0, "above 0");
    require(yaml, "batch", config.batch >= 1, "1 or above");
    require(yaml, "log_every", config.log_every >= 1, "1 or above");
    require(yaml, "checkpoint_every", config.checkpoint_every >= 1, "1 or above");
    read(yaml, "bad_steps", config.bad_steps);
    require(yaml, "bad_steps", config.bad_steps >= 1, "1 or above");
    require(yaml, "keep_checkpoints", config.keep_checkpoints >= 1, "1 or above");
    require(yaml, "keep_every", config.keep_every >= 0, "0 (none) or above, in steps");
}

void read_labelled(const Yaml& yaml, RunConfig& config) {
    yaml.allow_keys({"share", "rule", "batch"});
    auto& labelled = config.labelled;
    read(yaml, "share", labelled.share);
    require(yaml, "share", labelled.share > 0 && labelled.share <= 1, "above 0 and at most 1");
    choose(yaml, "rule", labelled.rule, {"every", "random"});
    read(yaml, "batch", labelled.batch);
    require(yaml, "batch", labelled.batch >= 0 && labelled.batch <= config.batch,
            "0 (half) to the frames of a step, `batch`");
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
        read_cache(*section, config.cache);
    }
    if (const auto section = yaml.find("adapt")) {
        read_adapt(*section, config.adapt);
    }
    if (const auto section = yaml.find("fuse")) {
        read_fuse(*section, config.fuse);
    }
    if (const auto section = yaml.find("labelled")) {
        if (config.stage == "probe" || config.stage == "adapt") {
            section->fail("a labelled share is a key of train and fuse alone");
        }
        read_labelled(*section, config);
    }
    read_data(yaml["data"], config);
}

bool same_backbone(const formats::ModelDescription& a, const formats::ModelDescription& b) {
    return a.backbone.name == b.backbone.name && a.backbone.channels == b.backbone.channels &&
           a.backbone.depth == b.backbone.depth && a.backbone.norm == b.backbone.norm &&
           a.backbone.activation == b.backbone.activation && a.input.features == b.input.features;
}

bool same_head(const formats::ModelDescription& a, const formats::ModelDescription& b) {
    return a.head.kind == b.head.kind && a.head.hidden == b.head.hidden;
}

/// Backbone, input features and origin are those of the weights; field of view, grids and voxel
/// size may change (methods.md 2.1: grid size is no weight's shape). An adapted model is the given
/// one in all else too; fine-tuning starts with the form of its head, where it has classes.
void continue_from_weights(const Yaml& yaml, RunConfig& config,
                           const formats::ModelDescription* to_come) {
    std::error_code none;  // a name that no file can have is of no file
    const bool there = to_come == nullptr || std::filesystem::exists(config.weights, none);
    const formats::ModelDescription stored =
        there ? formats::read_model(config.weights).description : *to_come;
    formats::require_lidar_only(stored, config.weights.string());
    const bool adapts = config.stage == "adapt";
    if (adapts) {
        if (stored.classes.empty()) {
            base::fail_in(config.weights,
                          "is a backbone without classes; train a head first: distillar probe");
        }
        config.model = stored;
        config.model.quantization.reset();
    } else {
        config.model.backbone = stored.backbone;
        config.model.input = stored.input;
        config.model.provenance = stored.provenance;
        if ((config.stage == "train" || config.stage == "fuse") && !stored.classes.empty()) {
            config.model.head = stored.head;
        }
    }
    read_sections(yaml, config);
    if (!same_backbone(config.model, stored) || (adapts && !same_head(config.model, stored))) {
        yaml["model"].fail(
            fmt::format("backbone, {}input features differ from those of {}; leave them out, they "
                        "come with the weights",
                        adapts ? "head or " : "or ", config.weights.string()));
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
                      const std::vector<std::string>& overrides,
                      const formats::ModelDescription* to_come) {
    Yaml yaml = Yaml::load(file);
    apply_overrides(yaml, overrides);
    yaml.allow_keys(known_keys);
    require_schema(yaml, RunConfig::current_schema);
    RunConfig config = defaults_of(stage);
    read_run(yaml, config);
    if (stage == "probe" && config.weights.empty()) {
        yaml.fail("probe needs a distilled backbone: give its model file as `weights: FILE`");
    }
    if (stage == "adapt" && config.weights.empty()) {
        yaml.fail("adapt needs a segmentation model: give its file as `weights: FILE`");
    }
    if (config.weights.empty()) {
        read_sections(yaml, config);
    } else {
        continue_from_weights(yaml, config, to_come);
    }
    const bool without_labels =
        stage == "pretrain" || (stage == "adapt" && config.adapt.method == "adabn");
    if (!without_labels && config.setting.empty()) {
        yaml.fail("give the classes as `setting: NAME` (one of configs/settings)");
    }
    config.resolved = resolved_text(config);
    return config;
}

std::string config_hash(const std::string& resolved) {
    return base::hash_of(resolved).substr(0, 16);
}

}  // namespace distillar::training
