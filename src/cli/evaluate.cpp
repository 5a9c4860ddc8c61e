#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "cli/command.hpp"
#include "cli/model_options.hpp"
#include "cli/output_paths.hpp"
#include "cli/selection_options.hpp"
#include "datasets/skip_bad.hpp"
#include "evaluation/birds_eye.hpp"
#include "evaluation/metrics.hpp"
#include "evaluation/report.hpp"
#include "inference/evaluate.hpp"
#include "training/config.hpp"

namespace distillar::cli {

namespace {

struct EvaluateOptions {
    ModelOptions model;
    std::string data;
    SelectionOptions selection;
    std::string setting;
    std::string side = "target";
    std::string points = "all";
    bool skip_bad = false;
    std::filesystem::path json;
    std::filesystem::path pictures;
    std::filesystem::path report;
};

/// The metrics' JSON with what else a judge wants to know of the run.
std::string report_json(const EvaluateOptions& options, const evaluation::Metrics& metrics,
                        const inference::Evaluation& result) {
    auto json = nlohmann::ordered_json::parse(evaluation::metrics_json(metrics, result.confusion));
    json["frames"] = result.frames.size();
    json["skipped"] = result.skipped;
    json["entropy"] = result.entropy.mean();
    json["model"] = options.model.model.string();
    json["data"] = training::selection_text(options.selection.selection(options.data));
    json["precision"] = options.model.precision;
    json["setting"] = options.setting;
    json["side"] = options.side;
    json["counted"] = options.points;
    return json.dump(1) + "\n";
}

inference::EachFrame picture_maker(const EvaluateOptions& options,
                                   const datasets::Taxonomy& taxonomy) {
    if (options.pictures.empty()) {
        return {};
    }
    return
        [&options, taxonomy](const datasets::Frame& frame, const std::vector<std::uint8_t>& truth,
                             const inference::Prediction& prediction) {
            std::string name = frame.id + (frame.sensor.empty() ? "" : "-" + frame.sensor);
            std::replace(name.begin(), name.end(), '/', '-');
            const auto picture = evaluation::draw_comparison(
                frame.points, truth, prediction.classes, {taxonomy.classes, taxonomy.palette},
                evaluation::fitting_view(frame.points), name);
            formats::write_png(options.pictures / (name + ".png"), picture);
        };
}

/// The page of --report: figures, and the frames that were segmented best, worst and in between.
class ReportMaker {
public:
    /// Opens the data set with its cameras. @throws base::Error as open_dataset does.
    ReportMaker(const EvaluateOptions& options, const datasets::Labelling& labelling)
        : options_(options),
          labelling_(labelling),
          style_(evaluation::style_of(labelling.taxonomy)),
          dataset_(datasets::open_dataset(options.selection.selection(options.data))) {}

    void write(const inference::Evaluation& result, const evaluation::Metrics& metrics,
               inference::FramePredictor& predictor) const {
        std::string html =
            evaluation::evaluation_html({facts(result, predictor.description()), metrics,
                                         result.confusion, style_, result.frames});
        for (const auto& [rank, score] : evaluation::best_median_worst(result.frames)) {
            const datasets::Frame frame = dataset_->read(score.index);
            html += evaluation::frame_html(
                fmt::format("The {} frame: {} {}, mIoU {}", rank, frame.id, frame.sensor,
                            evaluation::percent_text(score.miou)),
                frame, labelling_.scan(frame).labels, predictor.predict(frame).classes, style_);
        }
        base::write_file(options_.report,
                         evaluation::html_page("Evaluation on " + options_.data, html));
    }

private:
    evaluation::Facts facts(const inference::Evaluation& result,
                            const formats::ModelDescription& model) const {
        evaluation::Facts facts{
            {"model", options_.model.model.string()},
            {"data", training::selection_text(options_.selection.selection(options_.data))},
            {"setting", fmt::format("{}, {}", options_.setting, options_.side)},
            {"frames",
             fmt::format("{}, {} points with a truth; {} left out as damaged", result.frames.size(),
                         result.confusion.points(), result.skipped)},
            {"prediction entropy", fmt::format("{:.3f} nats on average", result.entropy.mean())},
            {"run by", fmt::format("distillar {}, {}, {}", DISTILLAR_VERSION, options_.model.device,
                                   options_.model.precision)}};
        for (const auto& [name, value] : evaluation::model_facts(model)) {
            facts.emplace_back("model: " + name, value);
        }
        return facts;
    }

    const EvaluateOptions& options_;
    const datasets::Labelling& labelling_;
    evaluation::ClassStyle style_;
    std::unique_ptr<datasets::Dataset> dataset_;
};

void evaluate(const EvaluateOptions& options, Session& session) {
    const auto labelling = datasets::labelling_of(options.setting, options.side);
    const auto opened = options.model.open(true);
    inference::FramePredictor& predictor = *opened;
    const bool seen_only = options.points == "seen";
    auto selection = options.selection.selection(options.data);
    selection.with_cameras = selection.with_cameras && (predictor.needs_images() || seen_only);
    const auto dataset = datasets::open_dataset(selection);
    datasets::require_labels(labelling, *dataset, options.data);
    const datasets::Frame first = datasets::first_frame(*dataset, options.skip_bad);
    if (seen_only && first.views.empty()) {
        base::fail("{}: has no cameras in the selection, so --points seen would count none",
                   options.data);
    }
    predictor.check(first);
    inference::require_same_classes(predictor.description(), labelling);
    std::optional<ReportMaker> report;
    if (!options.report.empty()) {
        report.emplace(options, labelling);
    }
    session.started = true;

    const auto result = inference::evaluate(predictor, *dataset, labelling,
                                            picture_maker(options, labelling.taxonomy),
                                            {.seen_only = seen_only, .skip_bad = options.skip_bad});
    if (result.frames.empty()) {
        base::fail("{}: every labelled frame has a damaged file", options.data);
    }
    if (seen_only && result.confusion.points() == 0) {
        base::fail(
            "{}: no camera sees a labelled point of the {} frames; check cameras with `distillar "
            "project`",
            options.data, result.frames.size());
    }
    const auto metrics = evaluation::metrics_from(result.confusion, labelling.taxonomy.classes);
    if (!options.json.empty()) {
        base::write_file(options.json, report_json(options, metrics, result));
    }
    fmt::print("{}{} frames{}, mean prediction entropy {:.3f}\n",
               evaluation::metrics_table(metrics), result.frames.size(),
               result.skipped > 0 ? fmt::format(" ({} left out as damaged)", result.skipped) : "",
               result.entropy.mean());
    if (report) {
        report->write(result, metrics, predictor);
    }
    predictor.finish();
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
    command
        ->add_option("--points", options->points,
                     "all, or seen: count only points that a camera of the selection sees")
        ->check(CLI::IsMember({"all", "seen"}))
        ->capture_default_str();
    add_skip_bad_option(*command, options->skip_bad);
    command->add_option("--json", options->json, "write all figures to this file")
        ->check(output_file());
    command
        ->add_option("--pictures", options->pictures,
                     "folder for bird's-eye pictures of truth, prediction and errors")
        ->check(output_folder());
    command
        ->add_option("--report", options->report,
                     "write a page (.html) with figures, confusion matrix and the best, median "
                     "and worst frame")
        ->check(output_file());
    add_common_options(*command, session);
    add_example(*command,
                "distillar evaluate --model runs/probe/model.safetensors --data pandaset:PATH "
                "--sequences 001 --sensor pandargt --setting pandar64-to-pandargt8 --side target");
    command->callback([options, &session] { evaluate(*options, session); });
}

}  // namespace distillar::cli
