#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/output_paths.hpp"
#include "cli/selection_options.hpp"
#include "evaluation/overlay.hpp"
#include "formats/image.hpp"
#include "geometry/camera.hpp"

namespace distillar::cli {

namespace {

struct ProjectOptions {
    std::string path;
    SelectionOptions selection;
    std::string frame;
    std::string camera;
    double min_depth = 0;
    bool min_depth_given = false;
    std::string overlay;
    bool json = false;
};

struct Projection {
    std::vector<geometry::PointPixel> pixels;
    std::vector<float> depths;  ///< metres along the camera's axis, one per pixel
};

datasets::Frame read_one_frame(const ProjectOptions& options) {
    datasets::Selection selection = options.selection.selection(options.path);
    selection.frames = options.frame;
    selection.cameras = {options.camera};
    selection.labels = false;
    const auto dataset = datasets::open_dataset(selection);
    if (dataset->size() != 1) {
        base::fail("--frame {}: names {} frames, from {} to {}; give the whole id of one",
                   options.frame, dataset->size(), dataset->id(0),
                   dataset->id(dataset->size() - 1));
    }
    return dataset->read(0);
}

const datasets::CameraView& view_of(const datasets::Frame& frame, const std::string& camera) {
    const auto found = std::find_if(frame.views.begin(), frame.views.end(),
                                    [&](const auto& view) { return view.name == camera; });
    if (found == frame.views.end()) {
        base::fail(
            "frame {}: camera '{}' has no image at the time of this scan; take another "
            "frame or camera (`distillar info` lists them)",
            frame.id, camera);
    }
    return *found;
}

Projection project_into(const datasets::Frame& frame, const datasets::CameraView& view) {
    Projection projection;
    projection.pixels =
        geometry::project(frame.points, view.camera, view.T_camera_lidar, view.border);
    projection.depths.reserve(projection.pixels.size());
    for (const auto& pixel : projection.pixels) {
        const Eigen::Vector3d point = frame.points.row(pixel.point).transpose();
        projection.depths.push_back(static_cast<float>((view.T_camera_lidar * point).z()));
    }
    return projection;
}

/// @throws base::Error if the image on disk is not of the size that the calibration is for.
formats::Image read_view_image(const datasets::CameraView& view) {
    formats::Image image = formats::read_image(view.image);
    if (image.width != view.camera.width || image.height != view.camera.height) {
        base::fail_in(view.image,
                      "is {} x {} pixels, but the calibration of camera '{}' is for {} x {}; use "
                      "the image as recorded, or correct the calibration",
                      image.width, image.height, view.name, view.camera.width, view.camera.height);
    }
    return image;
}

double share(const datasets::Frame& frame, const Projection& projection) {
    return static_cast<double>(projection.pixels.size()) /
           static_cast<double>(std::max<Eigen::Index>(1, frame.points.rows()));
}

float median(std::vector<float> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

nlohmann::ordered_json border_json(const geometry::BorderRule& border) {
    return {
        {"depth", border.depth == geometry::BorderRule::Depth::lidar_x ? "lidar_x" : "camera_z"},
        {"min_depth", border.min_depth},
        {"inclusive", border.inclusive}};
}

void print_projection_json(const datasets::Frame& frame, const datasets::CameraView& view,
                           const Projection& projection) {
    nlohmann::ordered_json json;
    json["frame"] = frame.id;
    json["camera"] = view.name;
    json["image"] = view.image.string();
    json["image_size"] = {view.camera.width, view.camera.height};
    json["points"] = frame.points.rows();
    json["points_in_image"] = projection.pixels.size();
    json["share"] = share(frame, projection);
    json["depth"] = nullptr;
    if (!projection.depths.empty()) {
        const auto [nearest, farthest] =
            std::minmax_element(projection.depths.begin(), projection.depths.end());
        json["depth"] = {
            {"min", *nearest}, {"median", median(projection.depths)}, {"max", *farthest}};
    }
    json["border"] = border_json(view.border);
    print_json(json);
}

void print_projection(const datasets::Frame& frame, const datasets::CameraView& view,
                      const Projection& projection, const std::string& overlay) {
    print_row("frame", frame.id);
    print_row("camera", fmt::format("{}, {} x {} pixels, {}", view.name, view.camera.width,
                                    view.camera.height, view.image.string()));
    print_row("points in image",
              fmt::format("{} of {} ({:.1f} %)", with_commas(projection.pixels.size()),
                          with_commas(static_cast<std::uint64_t>(frame.points.rows())),
                          100 * share(frame, projection)));
    if (projection.depths.empty()) {
        fmt::print(
            "No point falls into the image: T_camera_lidar is wrong (often the inverse is "
            "given), or the camera looks away from the scan.\n");
        return;
    }
    const auto [nearest, farthest] =
        std::minmax_element(projection.depths.begin(), projection.depths.end());
    print_row("depth", fmt::format("{:.1f} to {:.1f} m, median {:.1f} m", *nearest, *farthest,
                                   median(projection.depths)));
    const std::string where = overlay.empty() ? "Draw it with --overlay FILE.png" : overlay;
    fmt::print(
        "{}: colours must change where the objects of the picture end (poles, parked cars, "
        "roof lines). If all are off by the same amount, look at the rotation of "
        "T_camera_lidar; if near ones are off more, at its translation; if moving ones, at "
        "the times of scan and image.\n",
        where);
}

void run_project(const ProjectOptions& options, Session& session) {
    const datasets::Frame frame = read_one_frame(options);
    datasets::CameraView view = view_of(frame, options.camera);
    if (options.min_depth_given) {
        view.border.min_depth = options.min_depth;
    }
    const Projection projection = project_into(frame, view);
    if (!options.overlay.empty()) {
        const formats::Image image = read_view_image(view);
        session.started = true;
        const std::string caption =
            fmt::format("{} {}: {} of {} points in the image", frame.id, view.name,
                        with_commas(projection.pixels.size()),
                        with_commas(static_cast<std::uint64_t>(frame.points.rows())));
        formats::write_png(options.overlay,
                           evaluation::draw_depth_overlay(image, frame.points, view.T_camera_lidar,
                                                          projection.pixels, caption));
    }
    session.started = true;
    if (options.json) {
        print_projection_json(frame, view, projection);
    } else {
        print_projection(frame, view, projection, options.overlay);
    }
}

}  // namespace

void add_project(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "project", "Check a calibration: draw a scan into the image of a camera");
    auto options = std::make_shared<ProjectOptions>();
    command->add_option("path", options->path, "data set or log folder; PATH or FORMAT:PATH")
        ->required();
    command->add_option("--frame", options->frame, "id of the frame, as its files say: 002/05")
        ->required();
    command->add_option("--camera", options->camera, "name of the camera: front_camera")
        ->required();
    options->selection.add_place_to(*command);
    CLI::Option* min_depth =
        command->add_option("--min-depth", options->min_depth,
                            "metres in front of the camera (default: the data set's own rule)");
    command
        ->add_option("--overlay", options->overlay,
                     "write the image with the points drawn into it, coloured by depth (.png)")
        ->check(output_file(".png"));
    command->add_flag("--json", options->json, "print JSON");
    add_example(*command,
                "distillar project data/pandaset --frame 002/05 --camera front_camera --overlay "
                "front.png");
    command->callback([options, min_depth, &session] {
        options->min_depth_given = min_depth->count() > 0;
        run_project(*options, session);
    });
}

}  // namespace distillar::cli
