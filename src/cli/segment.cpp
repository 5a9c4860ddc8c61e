#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "cli/command.hpp"
#include "cli/model_options.hpp"
#include "cli/output_paths.hpp"
#include "cli/selection_options.hpp"
#include "datasets/skip_bad.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/ply.hpp"

namespace distillar::cli {

namespace fs = std::filesystem;

namespace {

struct SegmentOptions {
    ModelOptions model;
    std::vector<std::string> inputs;
    fs::path out;
    SelectionOptions selection;
    bool skip_bad = false;
    bool ply = true;
};

/// The ids written for the model's classes: representative raw ids of the input's data set where a
/// taxonomy of the model's class set exists for it, else 1..C.
struct OutputIds {
    std::string layout;  ///< "label" or "lidarseg"
    std::string ids;     ///< "semantickitti" (raw ids), or "model" (1..C)
    std::vector<std::uint32_t> of_class;
};

OutputIds output_ids(const formats::ModelDescription& model, const datasets::Dataset& dataset) {
    OutputIds output{"label", "model", {}};
    const std::string name = dataset.format() + "-" + model.class_set;
    const auto known = datasets::taxonomy_names();
    if (std::find(known.begin(), known.end(), name) != known.end()) {
        output.ids = dataset.format();
        output.of_class = datasets::load_taxonomy(name).representative;
        output.layout = dataset.label_layout().empty() ? "label" : dataset.label_layout();
        return output;
    }
    for (std::uint32_t i = 0; i < model.classes.size(); ++i) {
        output.of_class.push_back(i + 1);
    }
    return output;
}

std::string classes_json(const formats::ModelDescription& model, const OutputIds& output) {
    nlohmann::ordered_json json;
    json["ids"] = output.ids;
    json["class_set"] = model.class_set;
    json["classes"] = nlohmann::ordered_json::array();
    json["classes"].push_back({{"id", 0}, {"name", "no answer"}, {"color", {0, 0, 0}}});
    for (std::size_t i = 0; i < model.classes.size(); ++i) {
        json["classes"].push_back({{"id", output.of_class[i]},
                                   {"name", model.classes[i].name},
                                   {"color", model.classes[i].color}});
    }
    return json.dump(1) + "\n";
}

void write_ply(const fs::path& file, const datasets::Frame& frame,
               const std::vector<std::uint32_t>& labels, const inference::Prediction& prediction,
               const formats::ModelDescription& model) {
    formats::Cloud cloud;
    cloud.points = frame.points;
    cloud.intensity = frame.intensity;
    cloud.label = labels;
    std::vector<formats::Color> colors;
    for (const std::uint8_t c : prediction.classes) {
        colors.push_back(c < model.classes.size() ? model.classes[c].color : formats::Color{});
    }
    formats::write_ply(file, cloud, colors);
}

void write_frame(const fs::path& base_name, const datasets::Frame& frame,
                 const inference::Prediction& prediction, const OutputIds& output,
                 const formats::ModelDescription& model, bool ply) {
    std::vector<std::uint32_t> labels;
    for (const std::uint8_t c : prediction.classes) {
        labels.push_back(c < output.of_class.size() ? output.of_class[c] : 0);
    }
    const auto of_file = datasets::spread_to_file(frame, labels);
    if (output.layout == "lidarseg") {
        formats::write_lidarseg(base_name.string() + "_lidarseg.bin", of_file);
    } else {
        formats::write_kitti_labels(base_name.string() + ".label", of_file);
    }
    if (ply) {
        write_ply(base_name.string() + ".ply", frame, labels, prediction, model);
    }
}

struct Input {
    fs::path out;
    std::unique_ptr<datasets::Dataset> dataset;
};

/// Several inputs of the same name would write over each other; each gets a folder of its own then.
std::vector<Input> open_inputs(const SegmentOptions& options, bool with_images) {
    std::vector<Input> inputs;
    for (const auto& argument : options.inputs) {
        auto selection = options.selection.selection(argument);
        selection.with_cameras = selection.with_cameras && with_images;
        selection.labels = false;
        const bool file = fs::is_regular_file(selection.path);
        const fs::path own = options.inputs.size() > 1 && !file
                                 ? options.out / fs::weakly_canonical(selection.path).filename()
                                 : options.out;
        inputs.push_back({own, datasets::open_dataset(selection)});
    }
    return inputs;
}

void segment(const SegmentOptions& options, Session& session) {
    const auto opened = options.model.open(false);
    inference::FramePredictor& predictor = *opened;
    const auto inputs = open_inputs(options, predictor.needs_images());
    const auto& model = predictor.description();
    std::size_t frames = 0;
    for (const auto& input : inputs) {
        frames += input.dataset->size();
    }
    predictor.check(datasets::first_frame(*inputs.front().dataset, options.skip_bad));
    session.started = true;

    std::size_t skipped = 0;
    base::Progress progress("segment", frames);
    for (const auto& input : inputs) {
        const OutputIds output = output_ids(model, *input.dataset);
        base::write_file(input.out / "classes.json", classes_json(model, output));
        for (std::size_t i = 0; i < input.dataset->size(); ++i) {
            progress.advance();
            const auto segmented = datasets::unless_bad(options.skip_bad, [&] {
                auto frame = input.dataset->read(i);
                auto prediction = predictor.predict(frame);
                return std::pair(std::move(frame), std::move(prediction));
            });
            if (!segmented) {
                ++skipped;
                continue;
            }
            const auto& [frame, prediction] = *segmented;
            if (frame.dropped > 0) {
                spdlog::warn("{}: {} of {} points are not finite and get label 0{}",
                             frame.source.string(), frame.dropped,
                             frame.dropped + static_cast<std::size_t>(frame.points.rows()),
                             frame.dropped > static_cast<std::size_t>(frame.points.rows())
                                 ? "; check that the scan is what its name says"
                                 : "");
            }
            write_frame(input.out / frame.id, frame, prediction, output, model, options.ply);
        }
    }
    predictor.finish();
    if (skipped == frames) {
        base::fail("every one of the {} frames has a damaged file", frames);
    }
    if (skipped > 0) {
        spdlog::warn("{} of {} frames are left out", skipped, frames);
    }
    spdlog::info("{} frames segmented, labels in {}", frames - skipped, options.out.string());
}

}  // namespace

void add_segment(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "segment", "Give every point of scans a class: labels and coloured PLY.");
    auto options = std::make_shared<SegmentOptions>();
    options->model.add_to(*command);
    command->add_option("inputs", options->inputs, "scans, folders of scans or data sets")
        ->required();
    command->add_option("--out", options->out, "folder for the results")
        ->required()
        ->check(output_folder());
    options->selection.add_to(*command);
    add_skip_bad_option(*command, options->skip_bad);
    command->add_flag("--ply,!--no-ply", options->ply, "coloured PLY beside the labels");
    add_common_options(*command, session);
    add_example(*command, "distillar segment --model model.safetensors 000000.bin --out segmented");
    command->callback([options, &session] { segment(*options, session); });
}

}  // namespace distillar::cli
