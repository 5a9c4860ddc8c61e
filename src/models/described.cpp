#include "models/described.hpp"

#include "base/error.hpp"
#include "models/state.hpp"

namespace distillar::models {

std::shared_ptr<Network> build_network(const formats::ModelDescription& description,
                                       double drop_path, bool recompute) {
    if (description.backbone.name != "waffleiron") {
        base::fail("backbone '{}' is not known to this program; it knows waffleiron",
                   description.backbone.name);
    }
    WaffleIronConfig backbone;
    backbone.input_channels = static_cast<int>(description.input.features.size());
    backbone.channels = description.backbone.channels;
    backbone.depth = description.backbone.depth;
    backbone.norm = norm_from(description.backbone.norm);
    backbone.activation = activation_from(description.backbone.activation);
    backbone.drop_path = drop_path;
    backbone.recompute = recompute;
    HeadConfig head;
    head.kind = head_kind_from(description.head.kind);
    head.inputs = backbone.channels;
    head.outputs = description.head.outputs;
    head.hidden = description.head.hidden > 0 ? description.head.hidden : backbone.channels;
    return std::make_shared<Network>(backbone, head);
}

std::shared_ptr<Network> load_network(const formats::ModelFile& file, const std::string& source) {
    auto network = build_network(file.description);
    load_state(*network, file.tensors, source);
    return network;
}

void load_backbone(Network& network, const formats::ModelFile& file, const std::string& source) {
    formats::Tensors backbone = file.tensors;
    std::erase_if(backbone, [](const auto& entry) { return entry.first.starts_with("classif."); });
    load_state(network.backbone(), backbone, source);
}

}  // namespace distillar::models
