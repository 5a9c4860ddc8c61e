#include <fmt/format.h>

#include "evaluation/birds_eye.hpp"
#include "evaluation/overlay.hpp"
#include "evaluation/report.hpp"

namespace distillar::evaluation {

namespace {

struct SeenBy {
    const datasets::CameraView* view = nullptr;
    std::vector<geometry::PointPixel> pixels;
};

SeenBy camera_that_sees_most(const datasets::Frame& frame) {
    SeenBy best;
    for (const auto& view : frame.views) {
        auto pixels =
            geometry::project(frame.points, view.camera, view.T_camera_lidar, view.border);
        if (pixels.size() > best.pixels.size()) {
            best = {&view, std::move(pixels)};
        }
    }
    return best;
}

/// 0 right, 1 wrong, 255 without truth.
std::vector<std::uint8_t> errors_of(const std::vector<std::uint8_t>& truth,
                                    const std::vector<std::uint8_t>& prediction) {
    std::vector<std::uint8_t> errors(truth.size(), 255);
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] != 255) {
            errors[i] = truth[i] == prediction.at(i) ? 0 : 1;
        }
    }
    return errors;
}

}  // namespace

std::string frame_html(const std::string& heading, const datasets::Frame& frame,
                       const std::vector<std::uint8_t>& truth,
                       const std::vector<std::uint8_t>& prediction, const ClassStyle& style) {
    std::string html = html_heading(heading);
    html += html_drawing(draw_comparison(frame.points, truth, prediction, style,
                                         fitting_view(frame.points), frame.id),
                         "From above: truth, prediction, errors in red.");
    const SeenBy seen = camera_that_sees_most(frame);
    if (seen.view == nullptr) {
        return html;
    }
    const auto photo = formats::read_image(seen.view->image);
    const auto overlay = [&](const std::vector<std::uint8_t>& classes, const ClassStyle& colors,
                             const std::string& what) {
        return html_photo(
            draw_class_overlay(photo, frame.points, seen.view->T_camera_lidar, seen.pixels, classes,
                               colors, fmt::format("{} {}: {}", frame.id, seen.view->name, what)),
            what);
    };
    return html +
           html_row(overlay(truth, style, "Truth") + overlay(prediction, style, "Prediction") +
                    overlay(errors_of(truth, prediction),
                            {{"right", "wrong"}, {colors::slate, colors::red}}, "Errors"));
}

}  // namespace distillar::evaluation
