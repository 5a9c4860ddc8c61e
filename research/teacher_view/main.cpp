// distillar-teacher-view: compares ESPNetv2's pixel classes with true ones, of simulated images or
// of real ones at the pixels that labelled points hit.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/thread_pool.hpp"
#include "models/espnetv2_classifier.hpp"
#include "research/run_tool.hpp"
#include "research/teacher_view/pictures.hpp"
#include "research/teacher_view/report.hpp"

namespace {

namespace fs = std::filesystem;
using namespace distillar;

struct Request {
    research::ViewRequest views;
    fs::path weights;
    fs::path json;
    fs::path pictures;
    std::string row;
    std::size_t threads = 0;
    bool started = false;  ///< inputs have been opened: from now on a failure is the job's
};

fs::path picture_of(const fs::path& folder, std::string name) {
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '/' || c == ' '; }, '-');
    return folder / (name + ".png");
}

/// A view and what the network says.
struct Answer {
    research::View view;
    std::vector<std::uint8_t> predicted;
};

std::vector<Answer> answers_for(std::vector<research::View> views, const Request& request,
                                const models::EspNetV2Classifier& classifier) {
    std::vector<Answer> answers;
    for (auto& view : views) {
        auto predicted = classifier.classify(view.image);
        if (!request.pictures.empty()) {
            formats::write_png(picture_of(request.pictures, view.name),
                               research::draw_view(view, predicted));
        }
        view.image.rgb = {};
        answers.push_back({std::move(view), std::move(predicted)});
    }
    return answers;
}

void run(Request& request) {
    base::set_thread_count(request.threads);
    const models::EspNetV2Classifier classifier(request.weights);
    const auto scenes = research::open_scenes(request.views);
    request.started = true;
    research::Report report;
    base::Progress progress("images", scenes->size());
    const std::size_t together = base::thread_count();
    for (std::size_t first = 0; first < scenes->size(); first += together) {
        std::vector<std::vector<Answer>> answers(std::min(together, scenes->size() - first));
        base::parallel_for(answers.size(), 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                answers[i] = answers_for(scenes->read(first + i), request, classifier);
            }
        });
        for (const auto& scene : answers) {
            for (const auto& answer : scene) {
                report.add(answer.view, answer.predicted);
            }
        }
        progress.advance(answers.size());
    }
    report.finish();
    std::fputs(request.row.empty() ? report.table().c_str() : report.row(request.row).c_str(),
               stdout);
    if (!request.json.empty()) {
        base::write_file(request.json, report.json());
    }
}

void add_options(CLI::App& app, Request& request) {
    app.add_option("--images", request.views.images, "folder of photographs (PNG or JPEG)");
    app.add_option("--classes", request.views.classes,
                   "folder of their true classes: 8-bit grey PNG of the same stem, SemanticKITTI "
                   "raw ids modulo 256, 1: sky");
    app.add_option("--pandaset", request.views.pandaset,
                   "instead: PandaSet's folder; labelled points are the truth");
    app.add_option("--sequence", request.views.sequence, "PandaSet's sequence, e.g. 001");
    app.add_option("--cameras", request.views.cameras, "PandaSet's cameras (default: all)");
    app.add_option("--weights", request.weights, "espnetv2_s_2.0_city_1024x512.pth")->required();
    app.add_option("--row", request.row,
                   "print one row of a markdown table under this name: images, accuracy, then "
                   "recall / precision of each class");
    app.add_option("--json", request.json, "write the figures here");
    app.add_option("--pictures", request.pictures, "write one picture per image into this folder");
    app.add_option("--threads", request.threads, "0: all cores");
    app.footer(
        "Examples:\n"
        "  distillar-teacher-view --images sim/front --classes sim/front_classes --weights W.pth\n"
        "  distillar-teacher-view --pandaset $DISTILLAR_DATA/pandaset --sequence 001 --weights "
        "W.pth\n"
        "Exit code 0: done, 1: failed after it began, 2: wrong usage or unusable input.");
}

void check(const Request& request) {
    const auto& views = request.views;
    const bool folders = !views.images.empty() && !views.classes.empty();
    const bool either = !views.images.empty() || !views.classes.empty();
    const bool pandaset = !views.pandaset.empty();
    if (pandaset ? either || views.sequence.empty()
                 : !folders || !views.sequence.empty() || !views.cameras.empty()) {
        base::fail("give --images with --classes, or --pandaset with --sequence");
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Compares the pixel classes of ESPNetv2 (Cityscapes) with true ones in seven coarse "
        "classes: road, sidewalk, building and wall, vegetation, vehicle, person, sky. Poles, "
        "signs and other things are not judged as truth; a prediction of one is a mistake.",
        "distillar-teacher-view");
    Request request;
    add_options(app, request);
    return research::run_tool(app, argc, argv, request.started, [&] {
        check(request);
        run(request);
    });
}
