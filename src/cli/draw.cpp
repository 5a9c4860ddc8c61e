#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/output_paths.hpp"
#include "cli/selection_options.hpp"
#include "datasets/taxonomy.hpp"
#include "evaluation/birds_eye.hpp"
#include "evaluation/overlay.hpp"
#include "formats/image.hpp"

namespace distillar::cli {

namespace {

struct DrawOptions {
    std::string path;
    SelectionOptions selection;
    std::string frame;
    std::string camera;
    std::string taxonomy;
    double reach = 50;
    std::filesystem::path out;
};

/// The finest taxonomy of a format; a log's labels are anybody's.
std::string taxonomy_name(const DrawOptions& options, const std::string& format) {
    if (!options.taxonomy.empty()) {
        return options.taxonomy;
    }
    if (const auto finest = datasets::finest_taxonomy_of(format); !finest.empty()) {
        return finest;
    }
    base::fail("--taxonomy: give one; labels of the format '{}' may mean anything. There are: {}",
               format, base::join(datasets::taxonomy_names()));
}

formats::Image draw_into_photo(const datasets::Frame& frame, const std::string& camera,
                               const std::vector<std::uint8_t>& classes,
                               const evaluation::ClassStyle& style) {
    const auto view = std::find_if(frame.views.begin(), frame.views.end(),
                                   [&](const auto& each) { return each.name == camera; });
    if (view == frame.views.end()) {
        base::fail("frame {}: camera '{}' has no image at the time of this scan", frame.id, camera);
    }
    const auto pixels =
        geometry::project(frame.points, view->camera, view->T_camera_lidar, view->border);
    return evaluation::draw_class_overlay(formats::read_image(view->image), frame.points,
                                          view->T_camera_lidar, pixels, classes, style,
                                          frame.id + " " + camera);
}

void draw(const DrawOptions& options, Session& session) {
    datasets::Selection selection = options.selection.selection(options.path);
    selection.frames = options.frame;
    selection.with_cameras = !options.camera.empty();
    if (selection.with_cameras) {
        selection.cameras = {options.camera};
    }
    const auto dataset = datasets::open_dataset(selection);
    if (dataset->size() != 1 || !dataset->labelled(0)) {
        base::fail("--frame {}: name one labelled frame; this names {}{}", options.frame,
                   dataset->size(), dataset->size() == 1 ? ", without labels" : "");
    }
    const auto taxonomy = datasets::load_taxonomy(taxonomy_name(options, dataset->format()));
    const datasets::Frame frame = dataset->read(0);
    const auto classes = taxonomy.map(frame.labels);
    session.started = true;
    const evaluation::ClassStyle style{taxonomy.classes, taxonomy.palette};
    formats::write_png(options.out,
                       options.camera.empty()
                           ? evaluation::draw_labels(
                                 frame.points, classes, style,
                                 evaluation::fitting_view(frame.points, options.reach),
                                 frame.sensor.empty() ? frame.id : frame.id + " " + frame.sensor)
                           : draw_into_photo(frame, options.camera, classes, style));
}

}  // namespace

void add_draw(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "draw", "Look at labels: a scan from above, or drawn into the image of a camera");
    auto options = std::make_shared<DrawOptions>();
    command->add_option("path", options->path, "labelled data set; PATH or FORMAT:PATH")
        ->required();
    command->add_option("--frame", options->frame, "id of the frame, as its files say: 002/05")
        ->required();
    command->add_option("--camera", options->camera, "draw into this camera's image");
    options->selection.add_place_to(*command);
    command->add_option("--taxonomy", options->taxonomy,
                        "one of configs/taxonomies (default: the format's finest)");
    command->add_option("--reach", options->reach, "metres around the sensor, from above")
        ->check(CLI::Range(5.0, 500.0))
        ->capture_default_str();
    command->add_option("--out", options->out, "the picture (.png)")
        ->required()
        ->check(output_file(".png"));
    add_example(*command,
                "distillar draw data/semantickitti --frame 00/000000 --out labels.png\n"
                "  distillar draw data/city-a --frame 00/000010 --camera image_2 --out front.png");
    command->callback([options, &session] { draw(*options, session); });
}

}  // namespace distillar::cli
