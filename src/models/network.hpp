#pragma once
#include <memory>

#include "formats/tensor.hpp"
#include "models/head.hpp"
#include "models/waffleiron.hpp"

namespace distillar::models {

/// Backbone and head under the published key names: embed.*, waffleiron.*, classif.*.
class Network : public torch::nn::Module {
public:
    Network(const WaffleIronConfig& backbone, const HeadConfig& head);
    torch::Tensor forward(const TorchBatch& batch);  ///< N x outputs; 0 x outputs if empty
    /// Training mode of backbone and head; backbone().eval() afterwards freezes its statistics.
    void train(bool on = true) override;
    WaffleIron& backbone() { return *backbone_; }
    Head& head() { return *head_; }

private:
    std::shared_ptr<WaffleIron> backbone_;
    std::shared_ptr<Head> head_;
};

/// Sizes, depth, norm and head kind of a published state dict, read off its keys and shapes.
/// Activation and grids are not in it and keep their defaults.
struct NetworkShape {
    WaffleIronConfig backbone;
    HeadConfig head;
};
NetworkShape shape_of(const formats::Tensors& network, const std::string& source);

}  // namespace distillar::models
