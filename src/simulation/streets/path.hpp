#pragma once
#include <deque>

#include "simulation/streets/street_map.hpp"

namespace distillar::simulation {

/// A place on a path, in street coordinates.
struct PathPoint {
    Eigen::Vector2d at;
    double heading = 0;  ///< radians
    double radius = 0;   ///< metres of the bend; 0: straight
};

/// Where a vehicle drives: lanes, and arcs from lane to lane at crossings. Grows ahead as needed
/// and forgets what lies far behind.
class Path {
public:
    /// Starts on a lane, `s` along the street. @param forward  +1 along the street's direction, -1
    /// against it. @param rim  metres that the vehicle keeps to the right of the lane's middle.
    Path(const StreetMap& map, const Street& street, int forward, int lane, double s, double rim,
         bool may_turn, std::uint32_t seed);

    PathPoint at(double distance) const;
    /// Makes sure that the path reaches `distance`.
    void extend_to(double distance);
    void forget_before(double distance);

    /// The next stop line at or after `distance`.
    struct StopLine {
        double distance;
        double clear;     ///< where crossing and foot crossing lie behind
        int i, j, along;  ///< whose light counts
    };
    const StopLine* next_stop(double distance) const;

private:
    struct Piece {
        double begin, length;
        Eigen::Vector2d from;
        double heading, curvature;
    };
    void drive_to_crossing();
    void add(double length, double curvature);

    const StreetMap* map_;
    Street street_;
    int forward_, lane_;
    double rim_;
    bool may_turn_;
    std::uint32_t seed_, turns_ = 0;
    Eigen::Vector2d head_;
    double heading_;
    double reach_ = 0;
    std::deque<Piece> pieces_;
    std::deque<StopLine> stops_;
};

}  // namespace distillar::simulation
