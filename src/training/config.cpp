#include "training/config.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "training/teacher_train/config.hpp"

namespace distillar::training {

using base::Schema;
using base::Yaml;

namespace {

Schema schema_of(BaseConfig& config) {
    Schema schema;
    config.add_to(schema);
    return schema;
}

bool same_backbone(const formats::ModelDescription& a, const formats::ModelDescription& b) {
    return a.backbone.name == b.backbone.name && a.backbone.channels == b.backbone.channels &&
           a.backbone.depth == b.backbone.depth && a.backbone.norm == b.backbone.norm &&
           a.backbone.activation == b.backbone.activation && a.input.features == b.input.features;
}

bool same_head(const formats::ModelDescription& a, const formats::ModelDescription& b) {
    return a.head.kind == b.head.kind && a.head.hidden == b.head.hidden;
}

/// What the config's weights are.
formats::ModelDescription describe_weights(const RunConfig& config,
                                           const formats::ModelDescription* to_come) {
    std::error_code none;  // a name that no file can have is of no file
    const bool there = to_come == nullptr || std::filesystem::exists(config.weights, none);
    auto stored = there ? formats::read_model(config.weights).description : *to_come;
    formats::require_lidar_only(stored, config.weights.string());
    if (config.stage() == Stage::adapt && stored.classes.empty()) {
        base::fail_in(config.weights,
                      "is a backbone without classes; train a head first: distillar probe");
    }
    return stored;
}

/// Backbone, input features and origin are those of the weights; field of view, grids and voxel
/// size may change (methods.md 2.1: grid size is no weight's shape). An adapted model is the given
/// one in all else too; fine-tuning starts with the form of its head, where it has classes.
void start_from(const formats::ModelDescription& stored, RunConfig& config) {
    const Stage stage = config.stage();
    if (stage == Stage::adapt) {
        config.model = stored;
        config.model.quantization.reset();
        return;
    }
    config.model.backbone = stored.backbone;
    config.model.input = stored.input;
    config.model.provenance = stored.provenance;
    if ((stage == Stage::train || stage == Stage::fuse) && !stored.classes.empty()) {
        config.model.head = stored.head;
    }
}

/// What a config says, the weights' file looked at.
void read_config(RunConfig& config, const Yaml& yaml, const formats::ModelDescription* to_come) {
    const Stage stage = config.stage();
    if (const auto weights = yaml.get<std::string>("weights", ""); !weights.empty()) {
        config.weights = base::expand_path(weights);
    }
    if (config.weights.empty() && (stage == Stage::probe || stage == Stage::adapt)) {
        yaml.fail(fmt::format("{} needs a {}: give its file as `weights: FILE`",
                              base::name_of(stage),
                              stage == Stage::probe ? "distilled backbone" : "segmentation model"));
    }
    if (config.weights.empty()) {
        schema_of(config).read(yaml);
    } else {
        const auto stored = describe_weights(config, to_come);
        start_from(stored, config);
        schema_of(config).read(yaml);
        const bool adapts = stage == Stage::adapt;
        if (!same_backbone(config.model, stored) || (adapts && !same_head(config.model, stored))) {
            yaml["model"].fail(fmt::format(
                "backbone, {}input features differ from those of {}; leave them out, they come "
                "with the weights",
                adapts ? "head or " : "or ", config.weights.string()));
        }
    }
}

}  // namespace

std::unique_ptr<BaseConfig> new_config(Stage stage) {
    if (stage == Stage::teacher) {
        return std::make_unique<TeacherTrainConfig>();
    }
    return new_run_config(stage);
}

std::unique_ptr<RunConfig> new_run_config(Stage stage) {
    switch (stage) {
        case Stage::pretrain:
            return std::make_unique<PretrainConfig>();
        case Stage::probe:
            return std::make_unique<ProbeConfig>();
        case Stage::train:
            return std::make_unique<TrainConfig>();
        case Stage::adapt:
            return std::make_unique<AdaptRunConfig>();
        case Stage::fuse:
            return std::make_unique<FuseRunConfig>();
        case Stage::teacher:
            break;
    }
    base::fail("{} is no stage that works on scans", base::name_of(stage));
}

void prepare_config(Yaml& yaml, const std::vector<std::string>& overrides,
                    const BaseConfig& config) {
    for (const auto& override_ : overrides) {
        const auto equals = override_.find('=');
        if (equals == std::string::npos || equals == 0) {
            base::fail("--set {}: expected KEY=VALUE, e.g. --set optimiser.learning_rate=0.001",
                       override_);
        }
        yaml.set(override_.substr(0, equals), override_.substr(equals + 1));
    }
    const auto own = new_config(config.stage());
    const std::string key = schema_of(*own).unknown_key(yaml);
    std::vector<std::string> elsewhere;
    for (const auto& name : base::names_of<Stage>()) {
        const auto other = new_config(*base::enum_from<Stage>(name));
        if (!key.empty() && schema_of(*other).knows(key)) {
            elsewhere.push_back(name);
        }
    }
    if (!elsewhere.empty()) {
        Yaml place = yaml;
        for (const auto& part : base::split(key, '.')) {
            place = place[part];
        }
        place.fail(
            fmt::format("is no key of {}, which would not use it; it is one of {}: leave it "
                        "out",
                        base::name_of(config.stage()), base::join(elsewhere)));
    }
}

void load_config(RunConfig& config, const std::filesystem::path& file,
                 const std::vector<std::string>& overrides,
                 const formats::ModelDescription* to_come) {
    Yaml yaml = Yaml::load(file);
    prepare_config(yaml, overrides, config);
    read_config(config, yaml, to_come);
    const auto* adapts = dynamic_cast<const AdaptRunConfig*>(&config);
    const bool without_labels =
        config.stage() == Stage::pretrain ||
        (adapts != nullptr && adapts->adapt.method == AdaptConfig::Method::adabn);
    if (!without_labels && config.setting.empty()) {
        yaml.fail("give the classes as `setting: NAME` (one of configs/settings)");
    }
    config.resolved = resolved_text(config);
}

TeacherConfig load_teacher(const std::filesystem::path& file) {
    TeacherConfig teacher;
    Schema schema;
    teacher.add_to(schema);
    schema.read(Yaml::load(file)["teacher"]);
    return teacher;
}

bool says_the_same(const std::string& written, const BaseConfig& config) {
    if (written == config.resolved) {
        return true;
    }
    try {
        const auto before = new_config(config.stage());
        const Yaml yaml = Yaml::parse(written, "config.yaml");
        if (auto* run = dynamic_cast<RunConfig*>(before.get())) {
            read_config(*run, yaml, &dynamic_cast<const RunConfig&>(config).model);
        } else {
            schema_of(*before).read(yaml);
        }
        return resolved_text(*before) == resolved_text(config);
    } catch (const base::Error&) {
        return false;
    }
}

std::string resolved_text(const BaseConfig& config) {
    // A schema holds references to what it could read; writing changes nothing.
    return "# stage: " + base::name_of(config.stage()) + "\n" +
           schema_of(const_cast<BaseConfig&>(config)).text();
}

std::string config_reference(Stage stage) {
    const auto config = new_config(stage);
    return schema_of(*config).reference();
}

std::string config_page() {
    std::string page =
        "# Every key of every config\n\nWritten by `distillar config`; `distillar config STAGE` "
        "gives one stage, as a file to start from. A key that is left out has the value shown. "
        "[ours]: not of the papers.\n";
    for (const auto& name : base::names_of<Stage>()) {
        page += fmt::format("\n## {}\n\n```yaml\n{}```\n", name,
                            config_reference(*base::enum_from<Stage>(name)));
    }
    return page;
}

std::string selection_text(const datasets::Selection& selection) {
    std::string text = fmt::format("{{format: {}, path: {}", base::quoted(selection.format),
                                   base::quoted(selection.path.string()));
    const auto add_list = [&](const char* key, const std::vector<std::string>& values) {
        if (!values.empty()) {
            text += fmt::format(", {}: {}", key, base::quoted_list(values));
        }
    };
    add_list("sequences", selection.sequences);
    if (!selection.sensor.empty()) {
        text += ", sensor: " + base::quoted(selection.sensor);
    }
    add_list("cameras",
             selection.with_cameras ? selection.cameras : std::vector<std::string>{"none"});
    if (!selection.frames.empty()) {
        text += ", frames: " + base::quoted(selection.frames);
    }
    text += fmt::format(", split: {}, labels: {}, weight: {}, frame: {}}}",
                        base::quoted(selection.split), selection.labels, selection.weight,
                        selection.published_frame ? "published" : "canonical");
    return text;
}

std::string config_hash(const std::string& resolved) {
    return base::hash_of(resolved).substr(0, 16);
}

}  // namespace distillar::training
