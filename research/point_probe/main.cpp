// distillar-point-probe: what an image teacher knows about lidar points before anything is
// distilled. A linear layer on its features at the points' pixels, trained with one side's labels,
// tested with another's: about what a backbone that copied the teacher perfectly could tell.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/thread_pool.hpp"
#include "datasets/labelling.hpp"
#include "evaluation/metrics.hpp"
#include "models/machine.hpp"
#include "research/run_tool.hpp"
#include "research/teacher_probe/probe.hpp"
#include "training/config.hpp"
#include "training/teacher.hpp"

namespace {

using namespace distillar;

struct Request {
    std::filesystem::path config;
    std::vector<std::string> overrides;
    std::string setting;
    std::size_t points = 300;
    std::string row;
    std::size_t threads = 0;
    bool started = false;  ///< inputs have been opened: from now on a failure is the job's
};

/// Features and classes at the labelled points of all frames that a camera saw; at most so many a
/// frame, drawn at random. 0: all.
research::Cells points_of(const datasets::Mixture& frames, const datasets::Labelling& labelling,
                          models::Teacher& teacher, std::size_t most) {
    std::vector<torch::Tensor> features, classes;
    base::Progress progress("points", frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i, progress.advance()) {
        const auto frame = frames.read(i);
        const geometry::Scan scan = labelling.scan(*frame);
        for (const auto& view : frame->views) {
            std::vector<geometry::PointPixel> seen;
            for (const auto& pixel :
                 geometry::project(frame->points, view.camera, view.T_camera_lidar, view.border)) {
                if (scan.labels[pixel.point] != geometry::ignore_label) {
                    seen.push_back(pixel);
                }
            }
            const std::size_t share = most / frame->views.size() + 1;
            if (most > 0 && seen.size() > share) {
                base::Random random(0, i, 0);
                const auto order = random.permutation(static_cast<std::uint32_t>(seen.size()));
                std::vector<geometry::PointPixel> drawn;
                for (std::size_t k = 0; k < share; ++k) {
                    drawn.push_back(seen[order[k]]);
                }
                seen = std::move(drawn);
            }
            if (seen.empty()) {
                continue;
            }
            std::vector<std::int64_t> labels;
            for (const auto& pixel : seen) {
                labels.push_back(scan.labels[pixel.point]);
            }
            features.push_back(models::sample_features(teacher.features(view.image), seen));
            classes.push_back(torch::tensor(labels, torch::kInt64));
        }
    }
    if (features.empty()) {
        base::fail("no camera sees a labelled point in any of {} frames", frames.size());
    }
    return {torch::cat(features), torch::cat(classes)};
}

void run(Request& request) {
    base::set_thread_count(request.threads);
    models::set_up_machine();
    const auto config =
        training::load_config<training::PretrainConfig>(request.config, request.overrides);
    const auto source = datasets::labelling_of(request.setting, "source");
    const auto target = datasets::labelling_of(request.setting, "target");
    const datasets::Mixture train(config.train), test(config.validation);
    const auto teacher = training::open_teacher(config.teacher, torch::kCPU);
    request.started = true;

    teacher->prepare([&] { return training::draw_images(train, 16); });
    const auto& names = source.taxonomy.classes;
    const research::LinearProbe probe(points_of(train, source, *teacher, request.points),
                                      static_cast<std::int64_t>(names.size()));
    const auto matrix = research::test(probe, points_of(test, target, *teacher, 0), names.size());
    teacher->finish();
    const auto metrics = evaluation::metrics_from(matrix, names);
    if (request.row.empty()) {
        std::fputs(evaluation::metrics_table(metrics).c_str(), stdout);
        return;
    }
    fmt::print("| {} | {} | {:.1f} | {:.1f} |", request.row, metrics.points, 100 * metrics.accuracy,
               100 * metrics.miou_common);
    for (const auto& each : metrics.classes) {
        fmt::print(" {} |",
                   each.points == 0 ? std::string("-") : fmt::format("{:.0f}", 100 * each.iou));
    }
    fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Trains a linear layer on a teacher's frozen features at lidar points, with the labels of "
        "data.train, and tests it at the points of data.validation that a camera sees",
        "distillar-point-probe");
    Request request;
    app.add_option("--config", request.config, "a config of pretrain: its teacher and data")
        ->required();
    app.add_option("--setting", request.setting, "one of configs/settings: what labels mean")
        ->required();
    app.add_option("--set", request.overrides, "KEY=VALUE in the config, several times")
        ->allow_extra_args(false);
    app.add_option("--points", request.points,
                   "training points a frame, drawn at random (default: 300)");
    app.add_option("--row", request.row,
                   "print one row of a markdown table under this name: points, accuracy, "
                   "miou_common, IoU of each class");
    app.add_option("--threads", request.threads, "0: all cores");
    app.footer("Exit code 0: done, 1: failed after it began, 2: wrong usage or unusable input.");
    return research::run_tool(app, argc, argv, request.started, [&] { run(request); });
}
