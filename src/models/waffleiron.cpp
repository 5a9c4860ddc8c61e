#include "models/waffleiron.hpp"

#include "base/error.hpp"
#include "models/embedding.hpp"
#include "models/mix_layers.hpp"

namespace distillar::models {

struct WaffleIron::Parts {
    std::shared_ptr<Embedding> embedding;
    std::shared_ptr<MixLayers> layers;
    StepAddress address;
};

WaffleIron::WaffleIron(const WaffleIronConfig& config) : config_(config), parts_(new Parts) {
    if (config.input_channels <= 0 || config.channels <= 0 || config.depth < 0) {
        base::fail("a WaffleIron of {} inputs, {} channels and depth {} cannot be made",
                   config.input_channels, config.channels, config.depth);
    }
    if (!(config.drop_path >= 0 && config.drop_path < 1)) {
        base::fail("drop_path is {}: it must be at least 0 and below 1", config.drop_path);
    }
    parts_->embedding = register_module(
        "embed", std::make_shared<Embedding>(config.input_channels, config.channels));
    parts_->layers = register_module("waffleiron", std::make_shared<MixLayers>(config));
}

torch::Tensor WaffleIron::forward(const TorchBatch& batch) {
    const torch::Tensor tokens = embed(batch);
    return tokens.size(0) == 0 ? tokens : parts_->layers->forward(tokens, batch, parts_->address);
}

torch::Tensor WaffleIron::embed(const TorchBatch& batch) {
    return parts_->embedding->forward(batch);
}

void WaffleIron::set_step(std::uint64_t seed, std::uint64_t step) {
    parts_->address = {seed, step};
}

Norm norm_from(const std::string& name) {
    if (name == "batchnorm") {
        return Norm::batch;
    }
    if (name == "layernorm") {
        return Norm::layer;
    }
    base::fail("norm {} is not known: use batchnorm or layernorm", name);
}

Activation activation_from(const std::string& name) {
    if (name == "relu") {
        return Activation::relu;
    }
    if (name == "gelu") {
        return Activation::gelu;
    }
    base::fail("activation {} is not known: use relu or gelu", name);
}

const char* name_of(Norm norm) {
    return norm == Norm::batch ? "batchnorm" : "layernorm";
}

const char* name_of(Activation activation) {
    return activation == Activation::gelu ? "gelu" : "relu";
}

}  // namespace distillar::models
