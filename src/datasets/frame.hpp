#pragma once
/// datasets: frames, data selection, taxonomies, splits; one file per data set; the loader.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "geometry/camera.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::datasets {

/// One image that saw the scan, ready for projection.
struct CameraView {
    std::string name;             ///< "front_camera", "CAM_FRONT", "image_2", ...
    std::filesystem::path image;  ///< file
    geometry::Camera camera;
    geometry::Pose T_camera_lidar =
        geometry::Pose::Identity();  ///< from the frame's own coordinates
    geometry::BorderRule border;
    double offset = 0;  ///< seconds from the scan to the sweep this camera belongs to; 0: its own
};

/// One scan with whatever belongs to it, in the canonical frame (x forward, y left, z up, origin at
/// the lidar) or, if asked for, the data set's published frame. Only finite points are kept.
struct Frame {
    std::string id;                ///< "00/000000", "002/05", a nuScenes sample token
    std::string sensor;            ///< "hdl64e", "hdl32e", "pandar64", "pandargt", "" unknown
    geometry::Points points;       ///< N x 3, metres
    std::vector<float> intensity;  ///< N raw values, or empty
    geometry::IntensityScale intensity_scale;
    float sensor_height = 0;            ///< metres above the road; 0: not known
    std::vector<std::uint32_t> labels;  ///< N raw class ids, or empty when unlabelled
    std::vector<CameraView> views;
    std::filesystem::path source;  ///< the scan's file
    std::size_t file_points = 0;   ///< points in the file
    std::size_t dropped = 0;       ///< of the selected points: not finite
    /// Row in the file of each point; empty if points are exactly the file's rows.
    std::vector<std::uint32_t> file_rows;
    std::string sequence;  ///< frames of one drive share it (and their world); "": not known
    /// From the frame's own coordinates (canonical, or published if asked for) to its sequence's
    /// world, metres; none: not known.
    std::optional<geometry::Pose> T_world_frame;
    std::optional<double> time;  ///< seconds on its sequence's clock; none: not known
};

/// float32 points, intensity and mapped labels of a frame for preprocessing.
/// @param raw_to_class  maps a raw id to 0..C-1 or 255; null: no labels.
struct Taxonomy;
geometry::Scan scan_of(const Frame& frame, const Taxonomy* taxonomy);

/// Labels of the frame's points spread back over the file's rows; rows without a point get 0.
std::vector<std::uint32_t> spread_to_file(const Frame& frame,
                                          const std::vector<std::uint32_t>& labels);

}  // namespace distillar::datasets
