#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "cli/command.hpp"
#include "cli/frame_segmenter.hpp"
#include "cli/selection_options.hpp"
#include "evaluation/birds_eye.hpp"
#include "evaluation/metrics.hpp"
#include "training/evaluate.hpp"

namespace distillar::cli {

namespace {

struct EvaluateOptions {
    ModelOptions model;
    std::string data;
    SelectionOptions selection;
    std::string setting;
    std::string side = "target";
    std::filesystem::path json;
    std::filesystem::path pictures;
};

/// The metrics' JSON with what else a judge wants to know of the run.
std::string report_json(const EvaluateOptions& options, const evaluation::Metrics& metrics,
                        const training::Evaluation& result) {
    auto json = nlohmann::ordered_json::parse(evaluation::metrics_json(metrics, result.confusion));
    json["frames"] = result.frames;
    json["entropy"] = result.entropy.mean();
    json["model"] = options.model.model.string();
    json["precision"] = options.model.precision;
    json["setting"] = options.setting;
    json["side"] = options.side;
    return json.dump(1) + "\n";
}

training::EachFrame picture_maker(const EvaluateOptions& options,
                                  const datasets::Taxonomy& taxonomy) {
    if (options.pictures.empty()) {
        return {};
    }
    return
        [&options, taxonomy](const datasets::Frame& frame, const std::vector<std::uint8_t>& truth,
                             const training::Prediction& prediction) {
            std::string name = frame.id + (frame.sensor.empty() ? "" : "-" + frame.sensor);
            std::replace(name.begin(), name.end(), '/', '-');
            const auto picture = evaluation::draw_comparison(
                frame.points, truth, prediction.classes, {taxonomy.classes, taxonomy.palette},
                evaluation::fitting_view(frame.points), name);
            formats::write_png(options.pictures / (name + ".png"), picture);
        };
}

void evaluate(const EvaluateOptions& options, Session& session) {
    const auto labelling = training::labelling_of(options.setting, options.side);
    auto selection = options.selection.selection(options.data);
    selection.with_cameras = false;
    const auto dataset = datasets::open_dataset(selection);
    training::require_labels(labelling, *dataset, options.data);
    FrameSegmenter segmenter(options.model, true);
    training::require_same_classes(segmenter.description(), labelling);
    session.started = true;

    const auto predict = [&](const datasets::Frame& frame) { return segmenter.predict(frame); };
    const auto result = training::evaluate(predict, *dataset, labelling,
                                           picture_maker(options, labelling.taxonomy));
    const auto metrics = evaluation::metrics_from(result.confusion, labelling.taxonomy.classes);
    if (!options.json.empty()) {
        base::write_file(options.json, report_json(options, metrics, result));
    }
    fmt::print("{}{} frames, mean prediction entropy {:.3f}\n", evaluation::metrics_table(metrics),
               result.frames, result.entropy.mean());
}

}  // namespace

void add_evaluate(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "evaluate", "Segment labelled frames with a model and measure mIoU over all their points.");
    auto options = std::make_shared<EvaluateOptions>();
    options->model.add_to(*command);
    command->add_option("--data", options->data, "FORMAT:PATH or PATH")->required();
    options->selection.add_to(*command);
    command->add_option("--setting", options->setting, "one of configs/settings")->required();
    command->add_option("--side", options->side, "source or target")->capture_default_str();
    command->add_option("--json", options->json, "write all figures to this file");
    command->add_option("--pictures", options->pictures,
                        "folder for bird's-eye pictures of truth, prediction and errors");
    add_common_options(*command, session);
    add_example(*command,
                "distillar evaluate --model runs/probe/model.safetensors --data pandaset:PATH "
                "--sequences 001 --sensor pandargt --setting pandar64-to-pandargt8 --side target");
    command->callback([options, &session] { evaluate(*options, session); });
}

}  // namespace distillar::cli
