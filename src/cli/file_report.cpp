#include "cli/file_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "formats/model_file.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/dinov2.hpp"
#include "models/network.hpp"
#include "models/state.hpp"

namespace distillar::cli {

namespace {

bool has_entry(const formats::Tensors& tensors, const std::string& part) {
    return std::any_of(tensors.begin(), tensors.end(), [&](const auto& entry) {
        return entry.first.find(part) != std::string::npos;
    });
}

void require_file(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        base::fail_in(file, "is not there; check the path");
    }
    if (!std::filesystem::is_regular_file(file)) {
        base::fail_in(file, "is not a file; for a data set use `distillar info`");
    }
}

void describe_network(FileReport& report, const std::string& source) {
    const models::NetworkShape shape =
        models::shape_of(models::network_of(report.tensors, source), source);
    constexpr std::array wrappers{"net.", "model_points.", "model_point."};
    const auto wrapper = std::find_if(wrappers.begin(), wrappers.end(), [&](const char* name) {
        return std::any_of(report.tensors.begin(), report.tensors.end(),
                           [&](const auto& entry) { return entry.first.starts_with(name); });
    });
    const std::string_view entry = wrapper == wrappers.end() ? std::string_view() : *wrapper;
    report.kind =
        "published checkpoint of a WaffleIron network, not described: `distillar "
        "convert` makes it usable";
    report.model["entry"] =
        entry.empty() ? "top level" : std::string(entry.substr(0, entry.size() - 1));
    report.model["backbone"] = {{"name", "waffleiron"},
                                {"channels", shape.backbone.channels},
                                {"depth", shape.backbone.depth},
                                {"input_channels", shape.backbone.input_channels},
                                {"norm", models::name_of(shape.backbone.norm)}};
    report.model["head"] = {{"kind", models::name_of(shape.head.kind)},
                            {"outputs", shape.head.outputs}};
    if (shape.head.hidden > 0) {
        report.model["head"]["hidden"] = shape.head.hidden;
    }
    report.model["not_in_the_file"] = {"activation", "grids", "field of view", "classes"};
}

/// The number of heads is not in the weights: published models have 64 channels a head.
void describe_dinov2(FileReport& report, const std::string& source) {
    const auto& shape = report.tensors.at("pos_embed").shape;
    const bool published = !shape.empty() && shape.back() % 64 == 0;
    const models::DinoV2Config config =
        models::dinov2_config_of(report.tensors, source, published ? 0 : 1);
    report.kind = "DINOv2 vision transformer, an image teacher";
    report.model = {{"dim", config.dim},
                    {"depth", config.depth},
                    {"patch", config.patch},
                    {"registers", config.registers},
                    {"feed_forward", config.swiglu ? "swiglu" : "mlp"}};
    if (published) {
        report.model["heads"] = config.heads;
    }
}

void describe_features(FileReport& report) {
    const auto& shape = report.tensors.at("features").shape;
    report.kind = "features of one image, by an image teacher";
    report.model = {{"rows", shape[0]}, {"columns", shape[1]}, {"channels", shape[2]}};
}

bool is_feature_file(const FileReport& report) {
    const auto features = report.tensors.find("features");
    return report.tensors.size() == 1 && features != report.tensors.end() &&
           features->second.shape.size() == 3;
}

void recognise_content(FileReport& report, const std::string& source) {
    if (is_feature_file(report)) {
        describe_features(report);
    } else if (has_entry(report.tensors, "embed.conv1.weight") &&
               has_entry(report.tensors, "channel_mix.0.")) {
        describe_network(report, source);
    } else if (report.tensors.count("pos_embed") > 0 &&
               report.tensors.count("patch_embed.proj.weight") > 0) {
        describe_dinov2(report, source);
    } else if (has_entry(report.tensors, "bu_dec_l4.") &&
               has_entry(report.tensors, "base_net.level4_0.")) {
        report.kind = "ESPNetv2 segmentation network, an image network";
    } else {
        report.kind = "tensors of no model that this program knows";
    }
}

}  // namespace

formats::Tensors read_tensors(const std::filesystem::path& file) {
    require_file(file);
    return formats::is_pth(file) ? formats::read_pth(file)
                                 : formats::read_safetensors(file).tensors;
}

FileReport report_on(const std::filesystem::path& file) {
    require_file(file);
    FileReport report;
    if (formats::is_pth(file) || file.extension() == ".pth" || file.extension() == ".pt") {
        report.container = "torch.save";
        report.tensors = formats::read_pth(file);
        recognise_content(report, file.string());
        return report;
    }
    formats::SafeTensors content = formats::read_safetensors(file);
    report.container = "safetensors";
    report.tensors = std::move(content.tensors);
    report.metadata = std::move(content.metadata);
    const auto description = report.metadata.find("distillar");
    if (description == report.metadata.end()) {
        recognise_content(report, file.string());
        return report;
    }
    formats::read_model(file);  // checks every field
    report.kind = "described model: `distillar segment --model` and `evaluate` take it as it is";
    report.model = nlohmann::ordered_json::parse(description->second);
    report.metadata.erase(description);
    return report;
}

}  // namespace distillar::cli
