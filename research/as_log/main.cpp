// distillar-as-log: lays the scans of any data set out as a log of one's own (docs/data.md),
// without labels and images: what someone who has only driven has.
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "datasets/dataset.hpp"
#include "formats/pcd.hpp"
#include "research/run_tool.hpp"

namespace {

using namespace distillar;
namespace fs = std::filesystem;

struct Request {
    datasets::Selection selection;
    fs::path out;
    bool started = false;  ///< the data set has been opened: from now on a failure is the job's
};

/// What only the driver knows of the scans.
std::string log_yaml(const datasets::Frame& frame) {
    const auto& scale = frame.intensity_scale;
    return fmt::format(
        "distillar-log: 1\n"
        "lidar:\n"
        "  scans: lidar/*.pcd\n"
        "  height: {}\n"
        "  intensity: {{mean: {}, deviation: {}}}\n"
        "  frame: x-forward\n",
        frame.sensor_height, scale.mean, scale.deviation);
}

void lay_out(Request& request) {
    if (fs::exists(request.out)) {
        base::fail_in(request.out, "is there already; remove it or choose another folder");
    }
    const auto data = datasets::open_dataset(request.selection);
    if (data->size() == 0) {
        base::fail_in(request.selection.path, "no frame is selected");
    }
    request.started = true;
    base::Progress progress("frames", data->size());
    for (std::size_t i = 0; i < data->size(); ++i) {
        const auto frame = data->read(i);
        formats::Cloud cloud;
        cloud.points = frame.points;
        cloud.intensity = frame.intensity;
        formats::write_pcd(request.out / "lidar" / fmt::format("{:06}.pcd", i), cloud);
        if (i + 1 == data->size()) {  // whole now
            base::write_file(request.out / "log.yaml", log_yaml(frame));
        }
        progress.advance();
    }
}

}  // namespace

int main(int argc, char** argv) {
    Request request;
    request.selection.labels = false;
    CLI::App app{"Lay scans of a data set out as a log.yaml folder, without labels and images",
                 "distillar-as-log"};
    app.add_option("path", request.selection.path, "the data set")->required();
    app.add_option("--format", request.selection.format, "its format")->required();
    app.add_option("--sequences", request.selection.sequences, "of it")->delimiter(',');
    app.add_option("--sensor", request.selection.sensor, "of several");
    app.add_option("--out", request.out, "the new folder")->required();
    return research::run_tool(app, argc, argv, request.started, [&] { lay_out(request); });
}
