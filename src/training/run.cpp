#include "training/run.hpp"

#include <torch/cuda.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "models/described.hpp"
#include "models/state.hpp"
#include "training/device.hpp"
#include "training/provenance.hpp"
#include "training/run_report.hpp"

namespace distillar::training {

namespace {

bool same_head(const formats::ModelDescription& a, const formats::ModelDescription& b) {
    return a.head.kind == b.head.kind && a.head.outputs == b.head.outputs &&
           a.head.hidden == b.head.hidden && a.class_set == b.class_set;
}

/// Sensor and origin: those of the mixture.
void describe_data(const RunConfig& config, const datasets::Mixture& mixture,
                   formats::ModelDescription& description) {
    const auto frame = mixture.read(0);
    description.sensor.frame = config.train.front().published_frame ? "published" : "canonical";
    description.sensor.height = frame->sensor_height;
    description.sensor.intensity = frame->intensity_scale;
    add_origin(mixture, description.provenance);
}

void describe_run(const RunConfig& config, formats::ModelDescription& description) {
    auto& provenance = description.provenance;
    const auto* adapts = dynamic_cast<const AdaptRunConfig*>(&config);
    provenance.stage = adapts != nullptr && adapts->adapt.method == AdaptConfig::Method::adabn
                           ? "adabn"
                           : base::name_of(config.stage());
    provenance.program_version = DISTILLAR_VERSION;
    provenance.config_hash = config_hash(config.resolved);
}

}  // namespace

std::shared_ptr<models::Network> start_network(const RunConfig& config) {
    torch::manual_seed(config.seed);
    auto network = models::build_network(config.model, config.drop_path,
                                         config.activations == Activations::recomputed);
    if (!config.weights.empty()) {
        const formats::ModelFile file = formats::read_model(config.weights);
        const std::string source = config.weights.string();
        if (config.stage() != Stage::pretrain && same_head(config.model, file.description)) {
            models::load_state(*network, file.tensors, source);
            spdlog::info("{}: backbone and head loaded", source);
        } else {
            models::load_backbone(*network, file, source);
            spdlog::info("{}: backbone loaded, the head starts fresh", source);
        }
    }
    network->to(device_of(config));
    return network;
}

torch::Device device_named(const std::string& name) {
    if (name != "cpu" && name != "cuda") {
        base::fail("device '{}' is not one of: cpu, cuda", name);
    }
    if (name == "cuda" && !torch::cuda::is_available()) {
        base::fail("device 'cuda' was asked for, but this LibTorch sees no GPU; use --device cpu");
    }
    return torch::Device(name == "cuda" ? torch::kCUDA : torch::kCPU);
}

const char* program_version() {
    return DISTILLAR_VERSION;
}

torch::Device device_of(const RunConfig& config) {
    return device_named(base::name_of(config.device));
}

std::int64_t resume(RunFolder& folder, torch::nn::Module& module, AdamW& optimiser) {
    const auto checkpoint = folder.resume();
    if (!checkpoint) {
        return 0;
    }
    const std::string source = (folder.folder() / "checkpoints").string();
    models::load_state(module, checkpoint->model, source);
    optimiser.load_state(checkpoint->optimiser, source);
    return checkpoint->step;
}

AdamWConfig adamw_config(const RunConfig& config) {
    return {.learning_rate = config.optimiser.learning_rate,
            .weight_decay = config.optimiser.weight_decay};
}

void end_step(RunFolder& folder, const Pace& pace, std::int64_t step, double learning_rate,
              const torch::nn::Module& module, const AdamW& optimiser,
              const std::function<std::map<std::string, double>()>& metrics) {
    const std::int64_t done = step + 1;
    const bool last = done == pace.steps;
    if (done % pace.log_every == 0 || last) {
        auto values = metrics();
        values["learning_rate"] = learning_rate;
        folder.log_metrics(done, values);
    }
    const bool stop = base::stop_wished() && !last;
    if ((done % pace.checkpoint_every == 0 || stop) && !last) {
        folder.save({done, models::state_of(module), optimiser.state()});
    }
    if (stop) {
        throw base::Stopped(fmt::format("stopped after step {} of {}", done, pace.steps));
    }
}

void end_step(RunFolder& folder, const RunConfig& config, const Plan& plan, std::int64_t step,
              const torch::nn::Module& module, const AdamW& optimiser,
              const std::function<std::map<std::string, double>()>& metrics) {
    end_step(folder, {plan.steps(), config.log_every, config.checkpoint_every}, step,
             config.optimiser.learning_rate * plan.factor(step), module, optimiser, metrics);
}

void write_result(const RunFolder& folder, const RunConfig& config,
                  formats::ModelDescription description, const models::Network& network,
                  const datasets::Mixture& mixture) {
    describe_data(config, mixture, description);
    write_result(folder, config, description, network, mixture.size());
}

void write_fused(const RunFolder& folder, const RunConfig& config,
                 formats::ModelDescription description, const models::Fused& network,
                 const datasets::Mixture& mixture) {
    describe_data(config, mixture, description);
    describe_run(config, description);
    const auto file = folder.folder() / "fused.safetensors";
    formats::write_model(file, {description, models::state_of(network)});
    spdlog::info("wrote {}", file.string());
}

void write_result(const RunFolder& folder, const RunConfig& config,
                  const formats::ModelDescription& description, const models::Network& network,
                  std::size_t frames) {
    formats::ModelFile file;
    file.description = description;
    describe_run(config, file.description);
    file.tensors = models::state_of(network);
    base::write_file(folder.folder() / "report.html",
                     run_report(folder, config, file.description, frames));
    formats::write_model(folder.model_file(), file);
    spdlog::info("wrote {}", folder.model_file().string());
}

}  // namespace distillar::training
