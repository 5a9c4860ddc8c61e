#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace distillar::simulation {

/// configs/sensors/NAME.yaml: how one lidar measures. Its frame is canonical: x forward, y left,
/// z up. All beams fire once a column; a spinning lidar turns by one azimuth step from column to
/// column, a solid-state one moves down by one elevation step.
struct LidarModel {
    std::string name;   ///< of the file: "hdl64e"
    std::string title;  ///< readable

    /// One laser, or one shot of a solid-state lidar's line.
    struct Beam {
        float elevation = 0;  ///< radians, up positive; added to the column's
        float azimuth = 0;    ///< radians, left positive; added to the column's
        float height = 0;     ///< metres above the sensor's origin where the beam starts
        float delay = 0;      ///< seconds after the column's time
        std::uint16_t ring = 0;
    };
    std::vector<Beam> beams;  ///< in the order of firing

    // Sweep.
    // ---------------------------------------------------------------------------------------
    double period = 0.1;         ///< seconds a turn, or a solid-state frame with its way back
    int columns = 1800;          ///< firings of every beam a turn
    double column_time = 0;      ///< seconds between columns
    double begin_time = 0;       ///< seconds of the first column; at 0 it looks straight ahead
    double azimuth_begin = 0;    ///< radians, of the first column
    double azimuth_step = 0;     ///< radians a column, left positive: clockwise is negative
    double azimuth_grid = 0;     ///< radians: directions are multiples of this; 0: any
    double elevation_begin = 0;  ///< radians, of the first column
    double elevation_step = 0;   ///< radians a column, up positive
    int rings_a_column = 0;      ///< the next column's rings are this much higher
    enum class RowOrder : std::uint8_t {
        firing,  ///< column by column
        rings    ///< ring by ring, each to the left, from straight ahead (SemanticKITTI's files)
    };
    RowOrder row_order = RowOrder::firing;

    // Distance.
    // ------------------------------------------------------------------------------------
    float min_range = 0.5F, max_range = 100;  ///< metres
    float range_noise = 0.02F;                ///< metres, standard deviation from shot to shot
    float beam_offset = 0;                    ///< metres, standard deviation from beam to beam
    float range_step = 0;                     ///< metres, distances are multiples; 0: any

    // Echoes.
    // --------------------------------------------------------------------------------------
    /// Metres at which a surface of reflectivity 0.1, met head on, is found half the time.
    float dark_range = 60;
    float dropout = 0;          ///< share of shots without an echo for no visible reason
    float divergence = 0;       ///< radians, standard deviation of the light around the beam
    bool keep_missing = false;  ///< a shot without an echo is a row at the origin

    // Intensity, in the unit of the files (the formula stands in configs/sensors/hdl64e.yaml).
    // --------
    float intensity_scale = 1;     ///< of a white surface, near and head on
    float intensity_contrast = 1;  ///< exponent of the reflectivity
    float intensity_darkest = 0;   ///< reflectivity that gives 0
    /// Metres up to which the sensor makes up for distance, for reflectivity 0.1 met head on.
    float steady_range = 30;
    float intensity_falloff = 1;  ///< exponent of the echo's strength beyond
    float intensity_noise = 0;    ///< as a share of the reflectivity, from shot to shot
    float beam_gain = 0;          ///< the same from beam to beam
    float intensity_step = 0;     ///< intensities are multiples; 0: any
    float intensity_max = 1;

    /// A part of the vehicle that stands in the sensor's way.
    struct Body {
        float azimuth_from = 0, azimuth_to = 0;  ///< radians, leftwards; from <= to
        float below = 0;                         ///< radians: elevations under this are blocked
        float near = 0, far = 0;                 ///< metres, echoes from the body itself; 0: none
    };
    std::vector<Body> bodies;

    double first_time() const { return begin_time; }  ///< seconds after the frame's time
    double last_time() const { return begin_time + columns * column_time; }
};

/// @param name  of a file in configs/sensors, or a path that ends in ".yaml".
/// @throws base::Error with file, line and key; for an unknown name with the nearest one.
LidarModel load_lidar(const std::string& name);
LidarModel load_lidar_file(const std::filesystem::path& file);

}  // namespace distillar::simulation
