#include <filesystem>
#include <string>

#include "cli/run_options.hpp"
#include "training/machine.hpp"
#include "training/stages.hpp"

namespace distillar::cli {

namespace {

using Stage = void (*)(const training::RunConfig&, const std::filesystem::path&,
                       const training::Started&);

struct StageOptions {
    std::shared_ptr<RunOptions> run;
    std::string weights;
    bool trust = false;
};

/// The training stages share their options: a config, a run folder, overrides.
/// @return what the user gives, to add more options to.
std::shared_ptr<StageOptions> add_stage(CLI::App& app, Session& session, const std::string& name,
                                        const std::string& help, const std::string& recipe,
                                        Stage stage) {
    CLI::App* command = app.add_subcommand(name, help);
    auto options = std::make_shared<StageOptions>();
    options->run = add_run_options(*command, session);
    if (stage == training::pretrain || stage == training::fuse) {
        add_trust_option(*command, options->trust);
    }
    add_example(*command, "distillar " + name + " --config configs/recipes/" + recipe +
                              ".yaml --run runs/" + name + " --set batch=4");
    command->callback([options, name, stage, &session] {
        auto overrides = options->run->all_overrides();
        if (!options->weights.empty()) {
            overrides.push_back("weights=" + options->weights);
        }
        auto config = training::load_config(options->run->config, name, overrides);
        config.teacher.trusted = options->trust;
        training::set_up_machine();
        stage(config, options->run->run, [&session] { start_work(session); });
    });
    return options;
}

}  // namespace

void add_pretrain(CLI::App& app, Session& session) {
    add_stage(app, session, "pretrain",
              "Distil image features into a lidar backbone: lidar and camera, no labels.",
              "scalr-pretrain", training::pretrain);
}

void add_probe(CLI::App& app, Session& session) {
    add_stage(app, session, "probe", "Train a head on a frozen, distilled backbone, with labels.",
              "muddos-probe", training::probe);
}

void add_train(CLI::App& app, Session& session) {
    const auto options = add_stage(
        app, session, "train", "Train the whole network on labels: from scratch, or fine-tuned.",
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
    add_stage(app, session, "adapt",
              "Adapt a segmentation model to unlabelled scans: self-training or AdaBN.",
              "muddos-adapt", training::adapt);
}

void add_fuse(CLI::App& app, Session& session) {
    add_stage(app, session, "fuse",
              "Train a lidar network together with a fusion of lidar and images that teaches it.",
              "xmodel-fuse", training::fuse);
}

}  // namespace distillar::cli
