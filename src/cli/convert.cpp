#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/file_report.hpp"
#include "cli/output_paths.hpp"
#include "formats/model_file.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/described.hpp"
#include "models/network.hpp"
#include "models/state.hpp"

namespace distillar::cli {

namespace {

struct ConvertOptions {
    std::string in;
    std::string out;
    std::string describe;
};

std::vector<std::string> published_descriptions() {
    std::vector<std::string> files;
    const auto folder = base::configs_folder() / "published";
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".yaml") {
            files.push_back("configs/published/" + entry.path().filename().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool is_described(const std::filesystem::path& file) {
    return !formats::is_pth(file) && file.extension() == ".safetensors" &&
           formats::read_safetensors_metadata(file).count("distillar") > 0;
}

/// Fills in what the weights say of themselves, and checks what the description says of them.
void take_sizes(formats::ModelDescription& description, const models::NetworkShape& shape,
                const ConvertOptions& options) {
    description.backbone.channels = shape.backbone.channels;
    description.backbone.depth = shape.backbone.depth;
    description.backbone.norm = models::name_of(shape.backbone.norm);
    description.head.kind = models::name_of(shape.head.kind);
    description.head.outputs = shape.head.outputs;
    description.head.hidden = shape.head.hidden;
    const auto features = static_cast<std::size_t>(shape.backbone.input_channels);
    if (description.input.features.size() != features) {
        base::fail_in(options.describe,
                      "input features: {} are named ({}), but the network of {} takes {}; name "
                      "them in the order it was trained with",
                      description.input.features.size(), base::join(description.input.features),
                      options.in, features);
    }
    const auto outputs = static_cast<std::size_t>(shape.head.outputs);
    if (!description.classes.empty() && description.classes.size() != outputs) {
        base::fail_in(options.describe,
                      "classes: {} are named, but the head of {} has {} outputs; name all of "
                      "them in order, or none for a distillation head",
                      description.classes.size(), options.in, outputs);
    }
}

formats::ModelFile describe(const ConvertOptions& options) {
    formats::ModelFile model;
    model.description = formats::description_from_yaml(options.describe);
    model.tensors = models::network_of(read_tensors(options.in), options.in);
    take_sizes(model.description, models::shape_of(model.tensors, options.in), options);
    model.description.provenance.stage = "converted";
    model.description.provenance.program_version = DISTILLAR_VERSION;
    return model;
}

formats::ModelFile read_input(const ConvertOptions& options) {
    if (!std::filesystem::is_regular_file(options.in)) {
        base::fail_in(options.in, "is not a file; check the path");
    }
    if (!options.describe.empty()) {
        return describe(options);
    }
    if (is_described(options.in)) {
        return formats::read_model(options.in);
    }
    read_tensors(options.in);  // says what is wrong with a file of no such kind
    const auto files = published_descriptions();
    base::fail_in(options.in,
                  "does not say its activation, grids, field of view or classes: give them with "
                  "--describe FILE.yaml; there are {}, or write one like them",
                  files.empty() ? "none in configs/published" : base::join(files));
}

void run_convert(const ConvertOptions& options, Session& session) {
    formats::ModelFile model = read_input(options);
    // Loading is the check: every tensor that the description needs, of the right size, no other.
    const auto network = models::load_network(model, options.in);
    model.tensors = models::state_of(*network);
    session.started = true;
    formats::write_model(options.out, model);
    fmt::print("{}: {} channels, {} layers, {}, {}; head {} with {} outputs; {} classes\n",
               options.out, model.description.backbone.channels, model.description.backbone.depth,
               model.description.backbone.norm, model.description.backbone.activation,
               model.description.head.kind, model.description.head.outputs,
               model.description.classes.size());
}

}  // namespace

void add_convert(CLI::App& app, Session& session) {
    CLI::App* command =
        app.add_subcommand("convert", "Make a published checkpoint a described model file");
    auto options = std::make_shared<ConvertOptions>();
    command->add_option("in", options->in, "a .pth or .safetensors file")->required();
    command->add_option("out", options->out, "the model file to write (.safetensors)")
        ->required()
        ->check(output_file(".safetensors"));
    command->add_option("--describe", options->describe,
                        "what the weights do not say: activation, grids, field of view, classes "
                        "(configs/published/*.yaml describe the published checkpoints)");
    add_example(*command,
                "distillar convert scalr.pth scalr.safetensors --describe "
                "configs/published/scalr.yaml");
    command->callback([options, &session] { run_convert(*options, session); });
}

}  // namespace distillar::cli
