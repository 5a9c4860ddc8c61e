// distillar-teacher-probe: what a linear layer reads off a teacher's frozen features of simulated
// images: the class that most pixels of each patch have.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "datasets/named_configs.hpp"
#include "evaluation/metrics.hpp"
#include "models/dinov2.hpp"
#include "models/machine.hpp"
#include "research/run_tool.hpp"
#include "research/teacher_probe/picture.hpp"

namespace {

namespace fs = std::filesystem;
using namespace distillar;

struct Request {
    fs::path weights;
    int height = 224;
    int width = 448;
    bool norm = false;
    std::vector<fs::path> train, test;
    std::string row;
    fs::path picture;
    std::size_t frame = 0;
    std::size_t threads = 0;
    bool started = false;  ///< inputs have been opened: from now on a failure is the job's
};

void run(Request& request) {
    base::set_thread_count(request.threads);
    models::set_up_machine();
    const auto taxonomy = datasets::load_taxonomy_file(
        datasets::config_file("teachers", "list of pixel classes", "pixel-classes"));
    const auto teacher =
        models::open_dinov2(request.weights, request.height, request.width, !request.norm);
    const auto train = training::find_images(request.train, true);
    const auto test = training::find_images(request.test, true);
    if (request.frame >= test.size()) {
        base::fail("--image {}: there are {} test images", request.frame, test.size());
    }
    request.started = true;

    const research::LinearProbe probe(research::cells_of(*teacher, taxonomy, train),
                                      static_cast<std::int64_t>(taxonomy.classes.size()));
    const auto matrix = research::test(probe, research::cells_of(*teacher, taxonomy, test),
                                       taxonomy.classes.size());
    const auto metrics = evaluation::metrics_from(matrix, taxonomy.classes);
    if (request.row.empty()) {
        std::fputs(evaluation::metrics_table(metrics).c_str(), stdout);
    } else {
        fmt::print("| {} | {} | {} | {:.1f} | {:.1f} |\n", request.row, test.size(), metrics.points,
                   100 * metrics.accuracy, 100 * metrics.miou);
    }
    if (!request.picture.empty()) {
        formats::write_jpeg(request.picture,
                            research::draw_probe(*teacher, probe, taxonomy, test[request.frame]));
    }
}

void add_options(CLI::App& app, Request& request) {
    app.add_option("--weights", request.weights,
                   "weights of a DINOv2 network, or the name of one kept with the program")
        ->required();
    app.add_option("--height", request.height, "its input, pixels (default: 224)");
    app.add_option("--width", request.width, "(default: 448)");
    app.add_flag("--norm", request.norm, "features after the final norm, not before it");
    app.add_option("--train", request.train, "simulated data sets that the layer is trained on")
        ->required();
    app.add_option("--test", request.test, "simulated data sets that it is tested on")->required();
    app.add_option("--row", request.row,
                   "print one row of a markdown table under this name: images, patches, accuracy, "
                   "mIoU");
    app.add_option("--picture", request.picture, "draw a test image, its features and classes");
    app.add_option("--image", request.frame, "which test image (default: 0)");
    app.add_option("--threads", request.threads, "0: all cores");
    app.footer(
        "Example:\n"
        "  distillar-teacher-probe --weights stand-in --train data/a1 data/b1 --test data/a2\n"
        "Exit code 0: done, 1: failed after it began, 2: wrong usage or unusable input.");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Trains a linear layer on a teacher's frozen features of simulated images, and tests it on "
        "others: which class do most pixels of a patch have?",
        "distillar-teacher-probe");
    Request request;
    add_options(app, request);
    return research::run_tool(app, argc, argv, request.started, [&] { run(request); });
}
