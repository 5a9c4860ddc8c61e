#include "models/described.hpp"

#include "base/error.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace {

HeadConfig head_of(const formats::ModelDescription& description) {
    HeadConfig head;
    head.kind = head_kind_from(description.head.kind);
    head.inputs = description.backbone.channels;
    head.outputs = description.head.outputs;
    head.hidden = description.head.hidden > 0 ? description.head.hidden : head.inputs;
    return head;
}

}  // namespace

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
    return std::make_shared<Network>(backbone, head_of(description));
}

std::shared_ptr<Network> load_network(const formats::ModelFile& file, const std::string& source) {
    formats::require_lidar_only(file.description, source);
    auto network = build_network(file.description);
    load_state(*network, file.tensors, source);
    return network;
}

std::shared_ptr<Fused> build_fused(const formats::ModelDescription& description,
                                   std::shared_ptr<Network> student) {
    const auto& given = description.fusion.value();
    FusionConfig fusion;
    fusion.kind = fusion_kind_from(given.kind);
    fusion.channels = description.backbone.channels;
    fusion.image_channels = given.image_channels;
    fusion.hidden = given.hidden;
    fusion.heads = given.heads;
    fusion.adapter = given.adapter;
    return std::make_shared<Fused>(std::move(student), head_of(description), fusion);
}

std::shared_ptr<Fused> load_fused(const formats::ModelFile& file, const std::string& source) {
    if (!file.description.fusion) {
        base::fail("{}: is no fused model: it looks at no image", source);
    }
    auto network = build_fused(file.description, build_network(file.description));
    load_state(*network, file.tensors, source);
    return network;
}

void load_backbone(Network& network, const formats::ModelFile& file, const std::string& source) {
    formats::require_lidar_only(file.description, source);
    formats::Tensors backbone = file.tensors;
    std::erase_if(backbone, [](const auto& entry) { return entry.first.starts_with("classif."); });
    load_state(network.backbone(), backbone, source);
}

}  // namespace distillar::models
