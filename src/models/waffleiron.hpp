#pragma once
#include <string>
#include <vector>

#include "models/backbone.hpp"

namespace distillar::models {

enum class Norm { batch, layer };
enum class Activation { relu, gelu };

struct WaffleIronConfig {
    int input_channels = 5;
    int channels = 768;
    int depth = 48;
    Norm norm = Norm::layer;
    Activation activation = Activation::relu;
    double drop_path = 0;
    /// Training keeps each layer's input alone, a quarter of what the layer needs, and runs the
    /// layer again in the backward pass: the same bits, a third more time.
    bool recompute = false;
};

/// WaffleIron (Puy et al., ICCV 2023) as in methods.md 2.1. Parameters carry the published names
/// and shapes ("embed.conv1.weight" [C,Cin,1], "waffleiron.channel_mix.0.mlp.0.weight" [C,C,1]), so
/// published state dicts load as they are. Layer d mixes on plane d mod (number of grids).
class WaffleIron : public Backbone {
public:
    explicit WaffleIron(const WaffleIronConfig& config);
    torch::Tensor forward(const TorchBatch& batch) override;
    /// The embedding alone (before the first layer): N x channels.
    torch::Tensor embed(const TorchBatch& batch);
    std::int64_t channels() const override { return config_.channels; }
    void set_step(std::uint64_t seed, std::uint64_t step) override;
    const WaffleIronConfig& config() const { return config_; }

private:
    struct Parts;
    WaffleIronConfig config_;
    std::shared_ptr<Parts> parts_;
};

Norm norm_from(const std::string& name);              ///< "batchnorm", "layernorm"
Activation activation_from(const std::string& name);  ///< "relu", "gelu"
const char* name_of(Norm norm);
const char* name_of(Activation activation);

}  // namespace distillar::models
