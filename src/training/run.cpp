#include "training/run.hpp"

#include "base/log.hpp"
#include "models/described.hpp"
#include "models/machine.hpp"
#include "models/state.hpp"

namespace distillar::training {

namespace {

/// Whether the one's head can go on with the other's weights.
bool heads_fit(const formats::ModelDescription& a, const formats::ModelDescription& b) {
    return a.head.kind == b.head.kind && a.head.outputs == b.head.outputs &&
           a.head.hidden == b.head.hidden && a.class_set == b.class_set;
}

}  // namespace

formats::ModelDescription described(const RunConfig& config, const datasets::Labelling& labelling) {
    formats::ModelDescription description = config.model;
    datasets::describe_classes(labelling.taxonomy, description);
    return description;
}

std::shared_ptr<models::Network> start_network(const RunConfig& config,
                                               const formats::ModelDescription& description) {
    torch::manual_seed(config.seed);
    const double drop_path = config.stage() == Stage::adapt ? 0 : config.drop_path;
    auto network = models::build_network(description, drop_path,
                                         config.activations == Activations::recomputed);
    if (!config.weights.empty()) {
        const formats::ModelFile file = formats::read_model(config.weights);
        const std::string source = config.weights.string();
        if (config.stage() != Stage::pretrain && heads_fit(description, file.description)) {
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

const char* program_version() {
    return DISTILLAR_VERSION;
}

torch::Device device_of(const RunConfig& config) {
    return models::device_named(base::name_of(config.device));
}

AdamWConfig adamw_config(const RunConfig& config) {
    return {.learning_rate = config.optimiser.learning_rate,
            .weight_decay = config.optimiser.weight_decay};
}

std::vector<TrainedParameter> fine_tuned_parameters(const models::Network& network,
                                                    const RunConfig& config) {
    auto parameters = trained_parameters(network, config.optimiser.layer_decay);
    for (auto& parameter : parameters) {
        if (!parameter.name.starts_with("classif.")) {
            parameter.scale *= config.optimiser.backbone_scale;
        }
    }
    return parameters;
}

}  // namespace distillar::training
