#include "models/network.hpp"

#include <limits>

#include "base/error.hpp"

namespace distillar::models {

namespace {

const formats::Tensor* find(const formats::Tensors& tensors, const std::string& name) {
    const auto found = tensors.find(name);
    return found == tensors.end() ? nullptr : &found->second;
}

/// Size along one dimension of a tensor that must be there.
int size_of(const formats::Tensors& tensors, const std::string& source, const std::string& name,
            std::size_t dimension) {
    const formats::Tensor* tensor = find(tensors, name);
    if (tensor == nullptr) {
        base::fail("{}: has no tensor {}: is this a published WaffleIron state dict?", source,
                   name);
    }
    constexpr std::int64_t limit = 1 << 20;
    if (tensor->shape.size() <= dimension || tensor->shape[dimension] <= 0 ||
        tensor->shape[dimension] > limit) {
        base::fail("{}: tensor {} has shape [{}]: no usable size in dimension {}", source, name,
                   fmt::join(tensor->shape, ", "), dimension);
    }
    return static_cast<int>(tensor->shape[dimension]);
}

int depth_of(const formats::Tensors& tensors) {
    int depth = 0;
    while (find(tensors, fmt::format("waffleiron.channel_mix.{}.norm.weight", depth)) != nullptr) {
        ++depth;
    }
    return depth;
}

HeadConfig head_of(const formats::Tensors& tensors, const std::string& source, int channels) {
    HeadConfig head;
    head.inputs = channels;
    std::string last = "classif.weight";
    if (find(tensors, last) != nullptr) {
        head.kind = HeadKind::linear;
    } else if (find(tensors, "classif.0.running_mean") == nullptr) {
        head.kind = HeadKind::mlp;
        head.hidden = size_of(tensors, source, "classif.0.weight", 0);
        last = "classif.2.weight";
    } else if (find(tensors, "classif.3.weight") != nullptr) {
        head.kind = HeadKind::bn_mlp;
        head.hidden = size_of(tensors, source, "classif.1.weight", 0);
        last = "classif.3.weight";
    } else {
        head.kind = HeadKind::bn_linear;
        last = "classif.1.weight";
    }
    head.outputs = size_of(tensors, source, last, 0);
    return head;
}

}  // namespace

Network::Network(const WaffleIronConfig& backbone, const HeadConfig& head)
    : backbone_(std::make_shared<WaffleIron>(backbone)), head_(std::make_shared<Head>(head)) {
    if (head.inputs != backbone.channels) {
        base::fail("the head takes {} channels, the backbone gives {}", head.inputs,
                   backbone.channels);
    }
    for (const auto& child : backbone_->named_children()) {
        register_module(child.key(), child.value());
    }
    register_module("classif", head_);
}

torch::Tensor Network::forward(const TorchBatch& batch) {
    return head_->forward(backbone_->forward(batch));
}

void Network::train(bool on) {
    torch::nn::Module::train(on);
    backbone_->train(on);
}

NetworkShape shape_of(const formats::Tensors& network, const std::string& source) {
    NetworkShape shape;
    shape.backbone.channels = size_of(network, source, "embed.conv1.weight", 0);
    shape.backbone.input_channels = size_of(network, source, "embed.conv1.weight", 1);
    shape.backbone.depth = depth_of(network);
    shape.backbone.norm = find(network, "waffleiron.channel_mix.0.norm.running_mean") != nullptr
                              ? Norm::batch
                              : Norm::layer;
    shape.head = head_of(network, source, shape.backbone.channels);
    return shape;
}

}  // namespace distillar::models
