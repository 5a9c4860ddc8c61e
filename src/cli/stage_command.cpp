#include <filesystem>
#include <string>

#include "cli/run_options.hpp"
#include "models/machine.hpp"
#include "training/stages.hpp"

namespace distillar::cli {

namespace {

struct StageOptions {
    std::shared_ptr<RunOptions> run;
    std::string weights;
    bool trust = false;
};

template <typename Config>
using StageFunction = void (*)(const Config&, const std::filesystem::path&,
                               const training::Started&);

/// The training stages share their options: a config, a run folder, overrides.
/// @return what the user gives, to add more options to.
template <typename Config>
std::shared_ptr<StageOptions> add_stage(CLI::App& app, Session& session, const std::string& help,
                                        const std::string& recipe, StageFunction<Config> stage) {
    constexpr bool has_teacher = requires(Config config) {
        config.teacher;
    };
    const std::string name = base::name_of(Config().stage());
    CLI::App* command = app.add_subcommand(name, help);
    auto options = std::make_shared<StageOptions>();
    options->run = add_run_options(*command, session);
    if constexpr (has_teacher) {
        add_trust_option(*command, options->trust);
    }
    add_example(*command, "distillar " + name + " --config configs/recipes/" + recipe +
                              ".yaml --run runs/" + name + " --set batch=4");
    command->callback([options, stage, &session] {
        auto overrides = options->run->all_overrides();
        if (!options->weights.empty()) {
            overrides.push_back("weights=" + options->weights);
        }
        auto config = training::load_config<Config>(options->run->config, overrides);
        if constexpr (has_teacher) {
            config.teacher.trusted = options->trust;
        }
        models::set_up_machine();
        stage(config, options->run->run, [&session] { start_work(session); });
    });
    return options;
}

}  // namespace

void add_pretrain(CLI::App& app, Session& session) {
    add_stage<training::PretrainConfig>(
        app, session, "Distil image features into a lidar backbone: lidar and camera, no labels.",
        "scalr-pretrain", training::pretrain);
}

void add_probe(CLI::App& app, Session& session) {
    add_stage<training::ProbeConfig>(app, session,
                                     "Train a head on a frozen, distilled backbone, with labels.",
                                     "muddos-probe", training::probe);
}

void add_train(CLI::App& app, Session& session) {
    const auto options = add_stage<training::TrainConfig>(
        app, session, "Train the whole network on labels: from scratch, or fine-tuned.",
        "scalr-fine-tune", training::train);
    app.get_subcommand("train")
        ->add_option(
            "--finetune", options->weights,
            "short for --set weights=MODEL: start from its backbone, and from its head too "
            "if that has the setting's classes. What the config leaves out is ScaLR's "
            "fine-tuning: AdamW 2e-3, no weight decay, layer-wise decay 0.99, drop path "
            "0.2, 25 epochs, 2 of warm-up, cosine")
        ->type_name("MODEL");
}

void add_adapt(CLI::App& app, Session& session) {
    add_stage<training::AdaptRunConfig>(
        app, session, "Adapt a segmentation model to unlabelled scans: self-training or AdaBN.",
        "muddos-adapt", training::adapt);
}

void add_fuse(CLI::App& app, Session& session) {
    add_stage<training::FuseRunConfig>(
        app, session,
        "Train a lidar network together with a fusion of lidar and images that teaches it.",
        "xmodel-fuse", training::fuse);
}

void add_config(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "config", "Every key of a stage's config with its default, range and meaning, as YAML.");
    auto stage = std::make_shared<std::string>();
    command->add_option("stage", *stage, "without it: the page docs/config.md")
        ->check(CLI::IsMember(base::names_of<training::Stage>()));
    add_example(*command, "distillar config adapt");
    command->callback([stage, &session] {
        session.started = true;
        const auto one = base::enum_from<training::Stage>(*stage);
        fmt::print("{}", one ? training::config_reference(*one) : training::config_page());
    });
}

}  // namespace distillar::cli
