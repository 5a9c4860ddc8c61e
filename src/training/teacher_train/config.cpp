#include "training/teacher_train/config.hpp"

#include "base/files.hpp"
#include "base/yaml.hpp"
#include "datasets/named_configs.hpp"
#include "training/config.hpp"
#include "training/config_text.hpp"

namespace distillar::training {

namespace {

using base::Yaml;

/// Reads a number that must lie in [low, high].
template <typename T>
void read_within(const Yaml& yaml, const char* key, T& value, T low, T high) {
    value = yaml.get<T>(key, value);
    if (!(value >= low && value <= high)) {
        yaml[key].fail(fmt::format("{}: it must lie in {} to {}", value, low, high));
    }
}

void read_network(const Yaml& yaml, TeacherTrainConfig& config) {
    yaml.allow_keys({"dim", "depth", "heads", "patch", "positions", "height", "width"});
    auto& network = config.network;
    read_within(yaml, "dim", network.dim, 4, 4096);
    read_within(yaml, "depth", network.depth, 1, 64);
    read_within(yaml, "heads", network.heads, 1, 64);
    read_within(yaml, "patch", network.patch, 1, 64);
    read_within(yaml, "positions", network.positions, 1, 256);
    read_within(yaml, "height", config.height, 1, 4096);
    read_within(yaml, "width", config.width, 1, 4096);
    if (network.dim % 4 != 0 || network.dim % network.heads != 0) {
        yaml.fail(fmt::format("dim {} must be a multiple of 4 and of heads {}", network.dim,
                              network.heads));
    }
    if (config.height % network.patch != 0 || config.width % network.patch != 0) {
        yaml.fail(fmt::format("an input of {} x {} pixels: both must be multiples of the patch, {}",
                              config.height, config.width, network.patch));
    }
}

void read_supervised(const Yaml& yaml, TeacherTrainConfig& config) {
    yaml.allow_keys({"cells", "weight_power"});
    config.supervised.cells = std::min(config.supervised.cells, config.network.patch);
    read_within(yaml, "cells", config.supervised.cells, 1, config.network.patch);
    read_within(yaml, "weight_power", config.supervised.weight_power, 0.0, 1.0);
}

void read_masked(const Yaml& yaml, MaskedConfig& masked) {
    yaml.allow_keys({"ratio", "decoder_dim", "decoder_depth", "decoder_heads"});
    read_within(yaml, "ratio", masked.ratio, 0.05, 0.95);
    read_within(yaml, "decoder_dim", masked.decoder_dim, 4, 4096);
    read_within(yaml, "decoder_depth", masked.decoder_depth, 1, 64);
    read_within(yaml, "decoder_heads", masked.decoder_heads, 1, 64);
    if (masked.decoder_dim % 4 != 0 || masked.decoder_dim % masked.decoder_heads != 0) {
        yaml.fail(fmt::format("decoder_dim {} must be a multiple of 4 and of decoder_heads {}",
                              masked.decoder_dim, masked.decoder_heads));
    }
}

void read_image_augmentation(const Yaml& yaml, ImageAugmentation& augmentation) {
    yaml.allow_keys({"smallest_area", "aspect", "flip_probability", "color"});
    read_within(yaml, "smallest_area", augmentation.smallest_area, 0.01, 1.0);
    read_within(yaml, "aspect", augmentation.aspect, 1.0, 4.0);
    read_within(yaml, "flip_probability", augmentation.flip_probability, 0.0, 1.0);
    read_within(yaml, "color", augmentation.color, 0.0, 0.95);
}

void read_sections(const Yaml& yaml, TeacherTrainConfig& config) {
    if (const auto section = yaml.find("network")) {
        read_network(*section, config);
    }
    if (const auto section = yaml.find("supervised")) {
        read_supervised(*section, config);
    }
    if (const auto section = yaml.find("masked")) {
        read_masked(*section, config.masked);
    }
    if (const auto section = yaml.find("augmentation")) {
        read_image_augmentation(*section, config.augmentation);
    }
}

void read_steps(const Yaml& yaml, TeacherTrainConfig& config) {
    constexpr std::int64_t most = 100'000'000;
    read_within(yaml, "steps", config.steps, std::int64_t{1}, most);
    read_within(yaml, "batch", config.batch, 1, 4096);
    read_within(yaml, "learning_rate", config.learning_rate, 0.0, 1.0);
    read_within(yaml, "weight_decay", config.weight_decay, 0.0, 1.0);
    config.warmup_steps = std::min(config.warmup_steps, config.steps);
    read_within(yaml, "warmup_steps", config.warmup_steps, std::int64_t{0}, config.steps);
    read_within(yaml, "min_factor", config.min_factor, 0.0, 1.0);
    read_within(yaml, "log_every", config.log_every, std::int64_t{1}, most);
    read_within(yaml, "checkpoint_every", config.checkpoint_every, std::int64_t{1}, most);
    read_within(yaml, "keep_checkpoints", config.keep_checkpoints, 1, 1000);
}

/// A name in configs/teachers, or the path of a .yaml file.
std::filesystem::path classes_file(const std::string& named) {
    return named.ends_with(".yaml")
               ? base::expand_path(named)
               : datasets::config_file("teachers", "list of pixel classes", named);
}

std::string resolved_text(const TeacherTrainConfig& config) {
    const auto& network = config.network;
    const auto& augmentation = config.augmentation;
    std::vector<std::string> data;
    for (const auto& folder : config.data) {
        data.push_back(folder.string());
    }
    std::string text = fmt::format(
        "distillar-config: {}\n# teacher train\nobjective: {}\nseed: {}\ndevice: {}\n"
        "network: {{dim: {}, depth: {}, heads: {}, patch: {}, positions: {}, height: {}, "
        "width: {}}}\n",
        TeacherTrainConfig::current_schema, config.objective, config.seed, config.device,
        network.dim, network.depth, network.heads, network.patch, network.positions, config.height,
        config.width);
    if (config.objective == "supervised") {
        text += fmt::format("classes: {}\nsupervised: {{cells: {}, weight_power: {}}}\n",
                            quoted(config.classes.string()), config.supervised.cells,
                            config.supervised.weight_power);
    } else {
        const auto& masked = config.masked;
        text += fmt::format(
            "masked: {{ratio: {}, decoder_dim: {}, decoder_depth: {}, decoder_heads: {}}}\n",
            masked.ratio, masked.decoder_dim, masked.decoder_depth, masked.decoder_heads);
    }
    return text +
           fmt::format(
               "data: {}\n"
               "augmentation: {{smallest_area: {}, aspect: {}, flip_probability: {}, color: {}}}\n"
               "steps: {}\nbatch: {}\nlearning_rate: {}\nweight_decay: {}\nwarmup_steps: {}\n"
               "min_factor: {}\nlog_every: {}\ncheckpoint_every: {}\nkeep_checkpoints: {}\n",
               quoted_list(data), augmentation.smallest_area, augmentation.aspect,
               augmentation.flip_probability, augmentation.color, config.steps, config.batch,
               config.learning_rate, config.weight_decay, config.warmup_steps, config.min_factor,
               config.log_every, config.checkpoint_every, config.keep_checkpoints);
}

}  // namespace

TeacherTrainConfig load_teacher_train_config(const std::filesystem::path& file,
                                             const std::vector<std::string>& overrides,
                                             const std::vector<std::string>& data) {
    Yaml yaml = Yaml::load(file);
    apply_overrides(yaml, overrides);
    yaml.allow_keys({"distillar-config", "objective", "seed", "device", "network", "classes",
                     "supervised", "masked", "data", "augmentation", "steps", "batch",
                     "learning_rate", "weight_decay", "warmup_steps", "min_factor", "log_every",
                     "checkpoint_every", "keep_checkpoints"});
    require_schema(yaml, TeacherTrainConfig::current_schema);
    TeacherTrainConfig config;
    config.objective = yaml.get<std::string>("objective", config.objective);
    if (config.objective != "supervised" && config.objective != "masked") {
        yaml["objective"].fail("'" + config.objective + "' is not one of: supervised, masked");
    }
    config.seed = yaml.get<std::uint64_t>("seed", config.seed);
    config.device = yaml.get<std::string>("device", config.device);
    read_sections(yaml, config);
    read_steps(yaml, config);
    if (config.objective == "supervised") {
        config.classes = classes_file(yaml.get<std::string>("classes", "pixel-classes"));
        config.taxonomy = datasets::load_taxonomy_file(config.classes);
    }
    const auto folders = data.empty() ? yaml.get<std::vector<std::string>>("data", {}) : data;
    for (const auto& folder : folders) {
        config.data.push_back(base::expand_path(folder));
    }
    if (config.data.empty()) {
        yaml.fail("no images: name folders of simulated data sets as --data DIR or `data: [DIR]`");
    }
    config.resolved = resolved_text(config);
    return config;
}

}  // namespace distillar::training
