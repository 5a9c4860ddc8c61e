#pragma once
#include <cstdint>

#include "geometry/points.hpp"
#include "simulation/streets/city.hpp"

namespace distillar::simulation {

/// How a street is divided across, from its middle outward on both sides.
struct StreetKind {
    int lanes = 1;  ///< each direction
    double lane_width = 3.3;
    double parking = 0;  ///< width of the kerbside bays, or 0
    double sidewalk = 3;
    bool verge = false;  ///< the sidewalk's first 1.4 m are grass

    double lanes_edge() const { return lanes * lane_width + 0.3; }
    double curb() const { return lanes_edge() + parking; }
    double edge() const { return curb() + sidewalk; }  ///< where lots begin
};

/// One street: it runs along x (along = 0) at y = line(0, index), or along y (along = 1) at
/// x = line(1, index).
struct Street {
    int along = 0;
    int index = 0;
};

/// The plan of a city without end: a grid of streets at uneven distances in street coordinates
/// (metres), bent and lifted smoothly into the world. Streets, lots and traffic are laid out in
/// street coordinates; only vertices and poses are brought to the world.
class StreetMap {
public:
    StreetMap(const City& city, std::uint64_t seed);

    /// The constant coordinate of a street's middle.
    double line(int along, int index) const;
    double line(const Street& street) const { return line(street.along, street.index); }
    StreetKind kind(const Street& street) const;
    /// Has the crossing of the street along y `i` and that along x `j` traffic lights?
    bool has_signals(int i, int j) const;
    /// The last street with line <= coordinate.
    int index_below(int along, double coordinate) const;

    /// Street coordinates of the point `s` along the street and `c` metres to the left of its
    /// positive direction.
    Eigen::Vector2d point(const Street& street, double s, double c) const;

    /// World position of street coordinates, on the ground.
    Eigen::Vector3d to_world(const Eigen::Vector2d& at) const;
    /// A frame on the ground: x along `heading` (radians in street coordinates), z up.
    /// @param upright  z is the world's z, else the ground's normal.
    geometry::Pose frame(const Eigen::Vector2d& at, double heading, bool upright) const;

private:
    std::uint32_t seed_;
    double spacing_, jitter_, bend_, relief_;
    City::Streets streets_;
    Eigen::Array4d phases_;
};

}  // namespace distillar::simulation
