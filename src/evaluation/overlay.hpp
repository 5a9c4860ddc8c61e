#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/canvas.hpp"
#include "evaluation/legend.hpp"
#include "geometry/camera.hpp"

namespace distillar::evaluation {

/// Colour of a depth in metres: red near, blue far, logarithmic from 2 to 100 m.
Color depth_color(double depth);

/// The lidar drawn into the photograph that saw it, coloured by depth, near points over far ones,
/// with the scale and a caption beneath.
/// @param points          N x 3, metres, lidar frame.
/// @param pixels          what geometry::project found.
/// @throws base::Error if a pixel's point is not among the points.
formats::Image draw_depth_overlay(const formats::Image& photo, const geometry::Points& points,
                                  const geometry::Pose& T_camera_lidar,
                                  std::span<const geometry::PointPixel> pixels,
                                  const std::string& caption);

/// The same with points in the colours of their classes (255: not drawn) and a legend beneath.
/// @param classes  N classes 0..C-1 or 255.
formats::Image draw_class_overlay(const formats::Image& photo, const geometry::Points& points,
                                  const geometry::Pose& T_camera_lidar,
                                  std::span<const geometry::PointPixel> pixels,
                                  std::span<const std::uint8_t> classes, const ClassStyle& style,
                                  const std::string& caption);

}  // namespace distillar::evaluation
