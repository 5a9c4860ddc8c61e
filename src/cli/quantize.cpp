#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "cli/command.hpp"
#include "cli/output_paths.hpp"
#include "cli/selection_options.hpp"
#include "formats/model_file.hpp"
#include "inference/sensor_contract.hpp"
#include "runtime/precision_names.hpp"
#include "runtime/quantize.hpp"

namespace distillar::cli {

namespace {

struct CommandOptions {
    std::filesystem::path model;
    std::string data;
    std::filesystem::path out;
    SelectionOptions selection;
    std::size_t scans = 32;
    std::size_t rows = runtime::default_calibration_rows;
    double same_labels = 0.99;
};

/// `count` of them, evenly spread.
std::vector<std::size_t> spread(std::size_t size, std::size_t count) {
    std::vector<std::size_t> chosen;
    const std::size_t taken = std::min(size, count);
    for (std::size_t i = 0; i < taken; ++i) {
        chosen.push_back(i * size / taken);
    }
    return chosen;
}

void print(const CommandOptions& options, const runtime::Quantized& answer, std::size_t scans) {
    fmt::print("{}: {} of {} layers in bytes, neighbour branch {}; steps from {} of {} scans\n",
               options.out.string(), answer.layers, answer.steps.layers.size(),
               answer.embedding ? "too" : "not", answer.measured, scans);
    fmt::print("labels as in fp32, on the {}: int8 {:.2f} %",
               scans > 1 ? "others" : "same scan (give more for an honest figure)",
               100 * answer.same_labels);
    if (answer.same_labels_bf16 >= 0) {
        fmt::print(", bf16 {:.2f} %", 100 * answer.same_labels_bf16);
    }
    fmt::print("\nmIoU of each: distillar evaluate --precision\n");
}

void quantize(const CommandOptions& options, Session& session) {
    runtime::require_supported(runtime::Precision::int8);
    formats::ModelFile file = formats::read_model(options.model);
    if (file.description.classes.empty()) {
        base::fail_in(options.model, "is a backbone without classes: quantize a trained model");
    }
    auto selection = options.selection.selection(options.data);
    selection.with_cameras = false;
    selection.labels = false;
    const auto dataset = datasets::open_dataset(selection);
    const auto scans = spread(dataset->size(), options.scans);
    inference::SensorContract contract(file.description, options.model.string());
    contract.align(dataset->read(scans.front()));  // an unusable scan is a usage error
    session.started = true;

    base::Progress progress("quantize", 0);
    std::string note;
    runtime::QuantizeOptions how;
    how.same_labels = options.same_labels;
    how.rows = options.rows;
    how.expect = [&](std::size_t passes, const std::string& why) {
        progress.add_steps(passes);
        note = why;
    };
    how.advance = [&] { progress.advance(1, note); };
    const auto answer = runtime::quantize(
        file, options.model.string(), scans.size(),
        [&](std::size_t i) { return contract.align(dataset->read(scans[i])); }, how);
    file.int8_scales = answer.steps;
    file.description.quantization = {
        {options.data}, static_cast<int>(answer.measured), static_cast<float>(answer.same_labels)};
    formats::write_model(options.out, file);
    print(options, answer, scans.size());
}

}  // namespace

void add_quantize(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "quantize", "Measure a model's int8 scales on scans, so that it can run in int8.");
    auto options = std::make_shared<CommandOptions>();
    command->add_option("--model", options->model, "a segmentation model")->required();
    command
        ->add_option("--calibrate", options->data,
                     "scans as your sensor takes them: FORMAT:PATH or PATH; no labels needed")
        ->required();
    command->add_option("--out", options->out, "the model file to write")
        ->required()
        ->check(output_file(".safetensors"));
    command
        ->add_option("--scans", options->scans,
                     "as many, evenly spread: half are measured, half compared on")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command
        ->add_option("--rows", options->rows,
                     "points kept of the measured ones, to choose every layer's steps on: memory "
                     "grows with it")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command
        ->add_option("--same-labels", options->same_labels,
                     "share of fp32's labels to keep; layers that lose too much stay in bf16")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    options->selection.add_to(*command);
    add_common_options(*command, session);
    add_example(*command,
                "distillar quantize --model model.safetensors --calibrate log --out "
                "model-int8.safetensors\n  distillar segment --model model-int8.safetensors "
                "--precision int8 log --out segmented");
    command->callback([options, &session] { quantize(*options, session); });
}

}  // namespace distillar::cli
