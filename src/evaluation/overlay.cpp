#include "evaluation/overlay.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/error.hpp"

namespace distillar::evaluation {

using formats::Image;
using geometry::PointPixel;

namespace {

constexpr double nearest_shade = 2;  // metres
constexpr double farthest_shade = 100;
constexpr double photo_share = 0.65;  // how much of the photograph's brightness stays

Image darkened(const Image& photo) {
    Image image = photo;
    for (auto& value : image.rgb) {
        value = static_cast<std::uint8_t>(std::lround(photo_share * value));
    }
    return image;
}

struct Depth {
    double metres;
    const PointPixel* pixel;
};

/// From far to near, so that near points are drawn over far ones.
std::vector<Depth> depths_from(const geometry::Points& points, const geometry::Pose& T_camera_lidar,
                               std::span<const PointPixel> pixels) {
    std::vector<Depth> depths;
    depths.reserve(pixels.size());
    for (const auto& pixel : pixels) {
        if (pixel.point >= points.rows()) {
            base::fail("a projected point {} of a cloud of {}; project the same cloud", pixel.point,
                       points.rows());
        }
        const Eigen::Vector3d point = points.row(pixel.point).transpose();
        depths.push_back({(T_camera_lidar * point).z(), &pixel});
    }
    std::stable_sort(depths.begin(), depths.end(),
                     [](const Depth& a, const Depth& b) { return a.metres > b.metres; });
    return depths;
}

/// Marks every pixel with a small square around it, 1/640 of the image's width.
void draw_points(Image& image, const std::vector<Depth>& depths,
                 const std::function<Color(const Depth&)>& color) {
    const int size = std::max(2, static_cast<int>(std::lround(image.width / 640.0)));
    for (const auto& depth : depths) {
        fill_rectangle(image, depth.pixel->row - size / 2, depth.pixel->column - size / 2, size,
                       size, color(depth));
    }
}

int caption_scale(int width) {
    return width >= 1200 ? 3 : width >= 500 ? 2 : 1;
}

Image caption_bar(int width, const std::string& caption) {
    const int scale = caption_scale(width);
    Image bar = blank_image(width, text_height(scale) + 6 * scale, colors::night);
    draw_text(bar, 4 * scale, 4 * scale, fit_text(caption, width - 8 * scale, scale), colors::white,
              scale);
    return bar;
}

/// A strip of all shades with metres under it.
Image depth_scale(int width) {
    const int scale = caption_scale(width);
    const int margin = 16 * scale;
    const int strip = 6 * scale;
    Image bar = blank_image(width, strip + text_height(scale) + 8 * scale, colors::night);
    const double span = std::log(farthest_shade / nearest_shade);
    const int length = std::max(1, width - 2 * margin);
    for (int i = 0; i < length; ++i) {
        const double depth = nearest_shade * std::exp(span * i / length);
        fill_rectangle(bar, 0, margin + i, strip, 1, depth_color(depth));
    }
    for (const double depth : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
        const auto text = fmt::format("{:.0f} m", depth);
        const int place =
            margin + static_cast<int>(length * std::log(depth / nearest_shade) / span);
        const int column = std::clamp(place - text_width(text, scale) / 2, 0,
                                      std::max(0, width - text_width(text, scale)));
        draw_text(bar, strip + 3 * scale, column, text, colors::pale, scale);
    }
    return bar;
}

}  // namespace

Color depth_color(double depth) {
    constexpr std::array<Color, 5> shades = {
        {{255, 70, 50}, {255, 205, 50}, {95, 220, 110}, {50, 200, 235}, {105, 110, 255}}};
    const double share = std::log(depth / nearest_shade) / std::log(farthest_shade / nearest_shade);
    const double place = (share > 0 ? std::min(share, 1.0) : 0) * (shades.size() - 1);
    const auto lower = std::min(static_cast<std::size_t>(place), shades.size() - 2);
    const double part = place - static_cast<double>(lower);
    Color color{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double mixed = shades[lower][i] + part * (shades[lower + 1][i] - shades[lower][i]);
        color[i] = static_cast<std::uint8_t>(std::lround(mixed));
    }
    return color;
}

Image draw_depth_overlay(const Image& photo, const geometry::Points& points,
                         const geometry::Pose& T_camera_lidar, std::span<const PointPixel> pixels,
                         const std::string& caption) {
    Image image = darkened(photo);
    draw_points(image, depths_from(points, T_camera_lidar, pixels),
                [](const Depth& depth) { return depth_color(depth.metres); });
    return stack_rows({image, caption_bar(photo.width, caption), depth_scale(photo.width)},
                      colors::night);
}

Image draw_class_overlay(const Image& photo, const geometry::Points& points,
                         const geometry::Pose& T_camera_lidar, std::span<const PointPixel> pixels,
                         std::span<const std::uint8_t> classes, const ClassStyle& style,
                         const std::string& caption) {
    if (classes.size() != static_cast<std::size_t>(points.rows())) {
        base::fail("{} classes for {} points; give one per point", classes.size(), points.rows());
    }
    auto depths = depths_from(points, T_camera_lidar, pixels);
    std::erase_if(depths, [&](const Depth& d) { return classes[d.pixel->point] == 255; });
    std::vector<std::uint8_t> drawn;
    for (const auto& depth : depths) {
        drawn.push_back(classes[depth.pixel->point]);
    }
    Image image = darkened(photo);
    draw_points(image, depths,
                [&](const Depth& d) { return color_of(style, classes[d.pixel->point]); });
    return stack_rows(
        {image, caption_bar(photo.width, caption),
         draw_legend(legend_entries(style, drawn), photo.width, caption_scale(photo.width))},
        colors::night);
}

}  // namespace distillar::evaluation
