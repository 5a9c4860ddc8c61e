#pragma once
#include "simulation/shapes/mesh.hpp"
#include "simulation/streets/street_map.hpp"

namespace distillar::simulation {

inline constexpr double curb_height = 0.14;

/// A rectangle in street coordinates: `low` its least corner.
struct Rectangle {
    Eigen::Vector2d low, high;
    Eigen::Vector2d size() const { return high - low; }
    Eigen::Vector2d centre() const { return (low + high) / 2; }
};

/// The part of the city that one block owns: the crossing at its least corner, the streets that
/// leave it towards greater coordinates, and the lots between.
struct Tile {
    int i = 0;  ///< index of the street along y at its least x
    int j = 0;  ///< of the street along x at its least y
};

/// Between the sidewalks of the four streets around a tile's block.
Rectangle block_of(const StreetMap& map, const Tile& tile);

/// Where a stretch of street between two crossings begins and ends: at the edges of the crossing
/// streets' roads.
struct Stretch {
    Street street;
    double begin = 0, end = 0;
};
Stretch stretch_of(const StreetMap& map, const Tile& tile, int along);

/// Lays surfaces on the city's ground.
class Ground {
public:
    /// @param origin  world position of the mesh's origin.
    Ground(const StreetMap& map, const Eigen::Vector3d& origin, Mesh& mesh);

    /// From street coordinates, `lift` metres above the ground, to the mesh.
    Eigen::Vector3f at(const Eigen::Vector2d& place, double lift = 0) const;

    /// The strip of a street from s0 to s1 and from c0 to c1 (left of its direction; c0 < c1).
    /// uv = (s, c).
    void strip(const Street& street, double s0, double s1, double c0, double c1, double lift,
               const Surface& surface);
    /// A rectangle of street coordinates. uv = street coordinates from its least corner.
    void area(const Rectangle& rectangle, double lift, const Surface& surface, double bumps = 0);
    /// A curb's face along a line of street coordinates; it is seen from the line's right.
    void curb(const Eigen::Vector2d& from, const Eigen::Vector2d& to);

private:
    template <typename Place, typename Uv>
    void grid(double length, double width, double cell, const Surface& surface, const Place& place,
              const Uv& uv);

    const StreetMap& map_;
    Eigen::Vector3d origin_;
    Mesh& mesh_;
};

/// Roads, markings, curbs and sidewalks of a tile.
void lay_streets(Ground& ground, const StreetMap& map, const Tile& tile);

}  // namespace distillar::simulation
