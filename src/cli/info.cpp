#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/command.hpp"
#include "cli/data_report.hpp"
#include "cli/output.hpp"
#include "cli/selection_options.hpp"
#include "formats/pth.hpp"

namespace distillar::cli {

namespace {

struct InfoOptions {
    std::string path;
    SelectionOptions selection;
    std::size_t measure = 32;
    bool json = false;
};

/// @throws base::Error if the path is a model or feature file: those have a command of their own.
void refuse_model_files(const std::filesystem::path& path) {
    const auto ending = path.extension();
    const bool model =
        ending == ".safetensors" || ending == ".pth" || ending == ".pt" ||
        (ending == "" && std::filesystem::is_regular_file(path) && formats::is_pth(path));
    if (model && std::filesystem::is_regular_file(path)) {
        base::fail_in(path,
                      "is a file of tensors, not a data set; look into it with `distillar "
                      "inspect {}`",
                      path.string());
    }
}

void run_info(const InfoOptions& options, Session& session) {
    const datasets::Selection selection = options.selection.selection(options.path);
    refuse_model_files(selection.path);
    const auto dataset = datasets::open_dataset(selection);
    const DataReport report =
        measure(*dataset, selection, options.measure, [&session] { session.started = true; });
    if (options.json) {
        print_json(report_json(report));
    } else {
        print_report(report);
    }
}

}  // namespace

void add_info(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "info", "What is this data set: frames, points, cameras, labels, sensor");
    auto options = std::make_shared<InfoOptions>();
    command
        ->add_option("path", options->path,
                     "data set, log folder, folder of scans or single scan; PATH or FORMAT:PATH")
        ->required();
    options->selection.add_to(*command);
    command
        ->add_option("--measure", options->measure,
                     "read at most this many of the frames, evenly spread; 0: all")
        ->capture_default_str();
    command->add_flag("--json", options->json, "print JSON");
    add_common_options(*command, session);
    add_example(*command,
                "distillar info data/pandaset --sequences 002 --sensor pandar64\n"
                "  distillar info data/semantickitti --format semantickitti --json");
    command->callback([options, &session] { run_info(*options, session); });
}

}  // namespace distillar::cli
