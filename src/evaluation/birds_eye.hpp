#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/canvas.hpp"
#include "evaluation/legend.hpp"
#include "geometry/points.hpp"

namespace distillar::evaluation {

/// The part of the ground that a map shows: metres from the sensor; forward is up, left is left.
struct MapView {
    double front = 50;
    double back = 50;
    double left = 50;
    double right = 50;
    double metres_per_pixel = 0.15;

    int width() const;
    int height() const;
    PixelPosition pixel(double x, double y) const;
};

/// A view that holds nearly all points (the 99th percentile each way, rounded up to 5 m), at most
/// `limit` metres and at least 5 ahead and behind, 20 to the sides; enlarged if it would be
/// narrower than 480 pixels.
MapView fitting_view(const geometry::Points& points, double limit = 50,
                     double metres_per_pixel = 0.15);

/// Points from above in colours of their own, higher ones over lower ones, with range rings every
/// 10 m and the sensor as a triangle that points forward. Points are 2 pixels wide where they are
/// sparse. Non-finite points are left out.
/// @param points  N x 3, metres, canonical frame.
/// @param colors  N.
/// @throws base::Error if the lengths differ or the view is empty or above 16,384 pixels.
formats::Image draw_map(const geometry::Points& points, std::span<const Color> colors,
                        const MapView& view);

/// One labelled cloud with title and legend.
/// @param classes  N classes 0..C-1, 255 = none.
formats::Image draw_labels(const geometry::Points& points, std::span<const std::uint8_t> classes,
                           const ClassStyle& style, const MapView& view, const std::string& title);

/// Truth, prediction and errors (right grey, wrong red; points without truth are left out) side by
/// side, with a title each, a heading and one legend.
formats::Image draw_comparison(const geometry::Points& points, std::span<const std::uint8_t> truth,
                               std::span<const std::uint8_t> prediction, const ClassStyle& style,
                               const MapView& view, const std::string& heading);

}  // namespace distillar::evaluation
