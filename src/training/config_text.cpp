#include "training/config_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "formats/model_json.hpp"

namespace distillar::training {

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) {
            result += fmt::format("\\x{:02x}", byte);
            continue;
        }
        if (character == '"' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result + '"';
}

std::string quoted_list(const std::vector<std::string>& texts) {
    std::string result;
    for (const auto& text : texts) {
        result += (result.empty() ? "" : ", ") + quoted(text);
    }
    return "[" + result + "]";
}

namespace {

std::string data_text(const RunConfig& config) {
    std::string text = "data:\n";
    const auto add = [&](const char* key, const std::vector<datasets::Selection>& selections) {
        if (!selections.empty()) {
            text += fmt::format("  {}:\n", key);
        }
        for (const auto& selection : selections) {
            text += "    - " + selection_text(selection) + "\n";
        }
    };
    add("train", config.train);
    add("validation", config.validation);
    add("target", config.target);
    return text;
}

std::string model_text(const RunConfig& config) {
    const auto& model = config.model;
    return fmt::format(
        "model:\n"
        "  backbone: {{name: {}, channels: {}, depth: {}, norm: {}, activation: {}, drop_path: "
        "{}}}\n"
        "  head: {{kind: {}, hidden: {}}}\n"
        "{}",
        model.backbone.name, model.backbone.channels, model.backbone.depth, model.backbone.norm,
        model.backbone.activation, config.drop_path, model.head.kind, model.head.hidden,
        input_text(config));
}

/// Keys at their defaults are left out: runs from before them still resume.
std::string cache_text(const TokenCacheConfig& cache) {
    return fmt::format("cache: {{augmented_views: {}{}{}}}\n", cache.augmented_views,
                       cache.points > 0 ? fmt::format(", points: {}", cache.points) : "",
                       cache.folder.empty() ? "" : ", folder: " + quoted(cache.folder.string()));
}

/// Left out where all labels are used: runs from before the key still resume.
std::string labelled_text(const RunConfig& config) {
    const auto& labelled = config.labelled;
    if (labelled.share == 1 && labelled.batch == 0) {
        return "";
    }
    return fmt::format("labelled: {{share: {}, rule: {}, batch: {}}}\n", labelled.share,
                       labelled.rule, labelled.batch);
}

std::string optimisation_text(const RunConfig& config) {
    const auto& optimiser = config.optimiser;
    const auto& schedule = config.schedule;
    return fmt::format(
        "steps: {}\nepochs: {}\nbatch: {}\n"
        "{}"
        "optimiser: {{learning_rate: {}, weight_decay: {}, layer_decay: {}, backbone_scale: {}, "
        "freeze_statistics: {}}}\n"
        "schedule: {{kind: {}, warmup_epochs: {}, warmup_steps: {}, min_factor: {}, "
        "cooldown_epochs: {}, timescale_epochs: {}}}\n",
        config.steps, config.epochs, config.batch, augmentation_text(config),
        optimiser.learning_rate, optimiser.weight_decay, optimiser.layer_decay,
        optimiser.backbone_scale, optimiser.freeze_statistics, schedule.kind,
        schedule.warmup_epochs, schedule.warmup_steps, schedule.min_factor,
        schedule.cooldown_epochs, schedule.timescale_epochs);
}

}  // namespace

std::vector<geometry::PlaneGrid> grids_of(const geometry::FieldOfView& fov, double cell) {
    const auto cells = [&](std::size_t axis) {
        const double extent = double{fov.max[axis]} - double{fov.min[axis]};
        return static_cast<int>(
            std::clamp(std::round(extent / cell), 1.0, formats::max_cells + 1.0));
    };
    return {{2, cells(0), cells(1)}, {1, cells(0), cells(2)}, {0, cells(1), cells(2)}};
}

namespace {

/// The cells' size, where the grids follow from it.
std::string grids_text(const geometry::InputSpec& input) {
    const auto& fov = input.fov;
    const double cell =
        (double{fov.max[0]} - double{fov.min[0]}) / std::max(1, input.grids.at(0).rows);
    if (grids_of(fov, cell) == input.grids) {
        return fmt::format("cell: {}", cell);
    }
    std::vector<std::string> grids;
    for (const auto& grid : input.grids) {
        grids.push_back(
            fmt::format("{{drop: {}, rows: {}, columns: {}}}", grid.drop, grid.rows, grid.columns));
    }
    return fmt::format("grids: [{}]", fmt::join(grids, ", "));
}

}  // namespace

std::string input_text(const RunConfig& config) {
    const auto& input = config.model.input;
    const auto& fov = input.fov;
    return fmt::format(
        "  input:\n"
        "    features: {}\n"
        "    voxel: {}\n"
        "    neighbors: {}\n"
        "    fov: [[{}, {}, {}], [{}, {}, {}]]\n"
        "    {}\n",
        quoted_list(input.features), input.voxel, input.neighbors, fov.min[0], fov.min[1],
        fov.min[2], fov.max[0], fov.max[1], fov.max[2], grids_text(input));
}

std::string augmentation_text(const RunConfig& config) {
    const auto& augmentation = config.augmentation;
    const bool first = augmentation.order == geometry::Augmentation::Order::distillation;
    return fmt::format(
        "augmentation: {{order: {}, random_voxel_point: {}, max_points: {}, rotate: {}, "
        "flip_probability: {}, scale: {}, tilt: {}, height_jitter: {}}}\n",
        first ? "distillation" : "downstream", augmentation.random_voxel_point,
        augmentation.max_points, augmentation.rotate, augmentation.flip_probability,
        augmentation.scale, augmentation.tilt, augmentation.height_jitter);
}

std::string selection_text(const datasets::Selection& selection) {
    std::string text = fmt::format("{{format: {}, path: {}", quoted(selection.format),
                                   quoted(selection.path.string()));
    const auto add_list = [&](const char* key, const std::vector<std::string>& values) {
        if (!values.empty()) {
            text += fmt::format(", {}: {}", key, quoted_list(values));
        }
    };
    add_list("sequences", selection.sequences);
    if (!selection.sensor.empty()) {
        text += ", sensor: " + quoted(selection.sensor);
    }
    add_list("cameras",
             selection.with_cameras ? selection.cameras : std::vector<std::string>{"none"});
    if (!selection.frames.empty()) {
        text += ", frames: " + quoted(selection.frames);
    }
    text += fmt::format(", split: {}, labels: {}, weight: {}, frame: {}}}", quoted(selection.split),
                        selection.labels, selection.weight,
                        selection.published_frame ? "published" : "canonical");
    return text;
}

std::string resolved_text(const RunConfig& config) {
    std::string text =
        fmt::format("distillar-config: {}\n# stage: {}\nseed: {}\ndevice: {}\n",
                    RunConfig::current_schema, config.stage, config.seed, config.device);
    if (!config.weights.empty()) {
        text += "weights: " + quoted(config.weights.string()) + "\n";
    }
    if (config.activations != "stored") {  // not written: runs from before the key still resume
        text += "activations: " + config.activations + "\n";
    }
    text += model_text(config);
    if (config.stage == "pretrain") {
        text += fmt::format("teacher: {}\nviews: {{all_cameras: {}, unseen_points: {}}}\n",
                            teacher_text(config.teacher), config.views.all_cameras,
                            config.views.unseen_points);
    } else {
        if (config.stage == "fuse") {
            text += fmt::format("teacher: {}\n", teacher_text(config.teacher));
        }
        text += fmt::format("setting: {}\nloss: {{lovasz: {}}}\n", quoted(config.setting),
                            config.loss.lovasz);
    }
    if (config.stage == "adapt") {
        text += adapt_text(config.adapt);
    }
    if (config.stage == "fuse") {
        text += fuse_text(config.fuse);
    }
    text += labelled_text(config);
    if (config.stage == "probe" || config.stage == "adapt") {
        text += cache_text(config.cache);
    }
    text += data_text(config) + optimisation_text(config);
    if (config.bad_steps != RunConfig{}.bad_steps) {
        text += fmt::format("bad_steps: {}\n", config.bad_steps);
    }
    text += fmt::format("log_every: {}\ncheckpoint_every: {}\nkeep_checkpoints: {}\n",
                        config.log_every, config.checkpoint_every, config.keep_checkpoints);
    if (config.keep_every > 0) {
        text += fmt::format("keep_every: {}\n", config.keep_every);
    }
    return text;
}

}  // namespace distillar::training
