#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "cli/bench_report.hpp"
#include "cli/command.hpp"
#include "cli/output_paths.hpp"
#include "cli/selection_options.hpp"
#include "inference/sensor_contract.hpp"
#include "runtime/calibration.hpp"
#include "runtime/measure/pinned_model.hpp"
#include "runtime/network_scan.hpp"
#include "runtime/precision_names.hpp"
#include "runtime/random_model.hpp"

namespace distillar::cli {

namespace {

namespace fs = std::filesystem;

struct BenchOptions {
    std::vector<std::string> inputs;
    SelectionOptions selection;
    fs::path model;
    int channels = 256, layers = 48;  // of the random network
    std::string precision = "all";
    std::vector<std::size_t> threads;  // none: all cores
    std::size_t rounds = 5;
    fs::path json;
};

/// The model to measure: the user's file, or the pinned case's network with random weights in a
/// temporary one, so that loading it costs what loading a file costs.
class MeasuredModel {
public:
    explicit MeasuredModel(const BenchOptions& options) : file_(options.model) {
        if (!file_.empty()) {
            name_ = file_.string();
            return;
        }
        name_ = fmt::format("random WaffleIron-{}-{}", options.layers, options.channels);
        std::string folder = fs::temp_directory_path() / "distillar-bench-XXXXXX";
        if (mkdtemp(folder.data()) == nullptr) {
            base::fail("{}: cannot make this folder; check TMPDIR", folder);
        }
        folder_ = folder;
        file_ = folder_ / "random.safetensors";
        const auto description = runtime::pinned_model(options.channels, options.layers);
        formats::write_model(file_, runtime::random_model(description, 1));
    }
    ~MeasuredModel() {
        std::error_code ignored;
        if (!folder_.empty()) {
            fs::remove_all(folder_, ignored);
        }
    }
    MeasuredModel(const MeasuredModel&) = delete;
    MeasuredModel& operator=(const MeasuredModel&) = delete;

    std::shared_ptr<const runtime::Model> load(runtime::Precision precision) const {
        return runtime::Model::load(file_, precision);
    }
    const std::string& name() const { return name_; }

    /// Gives the random network int8 scales, so that it runs in int8; a file keeps what it has.
    void measure_steps_on(const geometry::Scan& scan) const {
        if (folder_.empty()) {
            return;
        }
        formats::ModelFile file = formats::read_model(file_);
        const runtime::NetworkScan prepared(scan, file.description.input);
        runtime::Calibration calibration(file, name_, 1);
        calibration.add(prepared.input);
        file.int8_scales = calibration.result().steps;
        file.description.quantization = {{"the first scan"}, 1, 0};
        formats::write_model(file_, file);
    }
    bool has_steps() const { return folder_ != "" || formats::read_model(file_).int8_scales; }

private:
    fs::path folder_, file_;
    std::string name_;
};

/// "all": those that the processor and the model have.
std::vector<runtime::Precision> precisions_of(const std::string& option,
                                              const MeasuredModel& model) {
    if (option != "all") {
        const auto precision = runtime::precision_named(option);
        runtime::require_supported(precision);
        return {precision};
    }
    std::vector<runtime::Precision> precisions;
    for (const auto& known : runtime::known_precisions) {
        const bool at_hand = known.precision != runtime::Precision::int8 || model.has_steps();
        if (at_hand && runtime::supported(known.precision)) {
            precisions.push_back(known.precision);
        }
    }
    return precisions;
}

/// The frames of all inputs, in order.
class Frames {
public:
    Frames(const std::vector<std::string>& inputs, const SelectionOptions& options) {
        for (const auto& argument : inputs) {
            auto selection = options.selection(argument);
            selection.with_cameras = false;
            selection.labels = false;
            datasets_.push_back(datasets::open_dataset(selection));
            for (std::size_t i = 0; i < datasets_.back()->size(); ++i) {
                frames_.push_back({datasets_.back().get(), i});
            }
        }
    }
    std::size_t size() const { return frames_.size(); }
    datasets::Frame read(std::size_t index) const {
        return frames_[index].dataset->read(frames_[index].index);
    }

private:
    struct Place {
        const datasets::Dataset* dataset;
        std::size_t index;
    };
    std::vector<std::unique_ptr<datasets::Dataset>> datasets_;
    std::vector<Place> frames_;
};

void bench(const BenchOptions& options, Session& session) {
    const MeasuredModel model(options);
    runtime::MeasurePlan plan;
    plan.precisions = precisions_of(options.precision, model);
    plan.threads = options.threads;
    if (plan.threads.empty()) {
        plan.threads = {base::thread_count()};
    }
    plan.rounds = options.rounds;
    const Frames frames(options.inputs, options.selection);
    plan.scans = frames.size();
    plan.load = [&](runtime::Precision precision) { return model.load(precision); };
    const auto description = model.load(runtime::Precision::fp32)->description();
    inference::SensorContract contract(description, model.name());
    contract.check(frames.read(0));
    if (plan.precisions.back() == runtime::Precision::int8) {
        model.measure_steps_on(contract.align(frames.read(0)));
        model.load(runtime::Precision::int8);  // a file without steps is said now
    }
    session.started = true;

    base::Progress progress("bench", runtime::measure_steps(plan));
    plan.read = [&](std::size_t index) { return contract.align(frames.read(index)); };
    plan.advance = [&] { progress.advance(); };
    const auto cases = runtime::measure(plan);
    if (!options.json.empty()) {
        base::write_file(options.json, bench_json(cases, plan, model.name()).dump(1) + "\n");
    }
    fmt::print("{}, {} {}, {} {}, {}", model.name(), plan.scans, plan.scans == 1 ? "scan" : "scans",
               plan.rounds, plan.rounds == 1 ? "round" : "rounds", bench_table(cases));
}

}  // namespace

void add_bench(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "bench", "Measure on this machine what segmenting scans costs: time, memory, labels.");
    auto options = std::make_shared<BenchOptions>();
    command->add_option("inputs", options->inputs, "scans, folders of scans or data sets")
        ->required();
    options->selection.add_to(*command);
    CLI::Option* model = command->add_option(
        "--model", options->model,
        "a segmentation model (default: a network of docs/performance.md with random weights)");
    command->add_option("--channels", options->channels, "of the random network")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str()
        ->excludes(model);
    command->add_option("--layers", options->layers, "of the random network")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str()
        ->excludes(model);
    auto names = runtime::precision_names();
    names.emplace_back("all");
    command->add_option("--precision", options->precision, "all: those this processor has")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    command
        ->add_option("--threads", options->threads,
                     "numbers of threads, separated by commas (default: all cores)")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::Range(1, 1024));
    command->add_option("--rounds", options->rounds, "each scan is measured so often")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command->add_option("--json", options->json, "write all figures to this file")
        ->check(output_file());
    add_quiet_option(*command, session);
    add_example(*command, "distillar bench 000000.bin --threads 1,2 --json bench.json");
    command->callback([options, &session] { bench(*options, session); });
}

}  // namespace distillar::cli
