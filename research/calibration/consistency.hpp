#pragma once
/// Do the lidars and cameras of a simulated frame tell the same story?
#include <array>
#include <cstdint>

#include "simulation/simulator.hpp"

namespace distillar::research {

/// Classes of points against those of what a camera sees at the same place.
class ClassPairs {
public:
    void add(simulation::Category point, simulation::Category seen) { ++at(point, seen); }
    std::int64_t& at(simulation::Category point, simulation::Category seen) {
        return counts_[static_cast<std::size_t>(point)][static_cast<std::size_t>(seen)];
    }
    std::int64_t at(simulation::Category point, simulation::Category seen) const {
        return counts_[static_cast<std::size_t>(point)][static_cast<std::size_t>(seen)];
    }
    ClassPairs& operator+=(const ClassPairs& other);

private:
    std::array<std::array<std::int64_t, simulation::category_count>, simulation::category_count>
        counts_{};
};

struct Consistency {
    std::int64_t frames = 0;
    std::int64_t hidden = 0;  ///< points in an image that something stands before
    ClassPairs pixels;        ///< the others, and the class of the pixel that they fall into
    ClassPairs unhidden;      ///< the same, without those whose pixel shows something nearer
    ClassPairs neighbours;    ///< as `pixels`, where one of the eight pixels around counts as well
    ClassPairs rays;          ///< and what the camera's ray to the point itself meets: no pixels
    Consistency& operator+=(const Consistency& other);
};

/// Every point of every lidar in every camera of the simulator's last frame. A point goes from its
/// own firing time to the world by the sensor's pose at that time, and from there to the camera at
/// its exposure: pixel = floor, at least 1 m before the camera. It is hidden if the simulator's ray
/// from the camera at exposure meets something more than `margin` metres before it; its pixel shows
/// something nearer if that is so of the ray through the pixel's middle. Rows without an echo and
/// echoes of the vehicle itself have no class and are left out.
Consistency consistency_of(const simulation::Simulator& simulator, const simulation::Rig& rig,
                           const simulation::SimulatedFrame& frame, double margin = 0.2);

}  // namespace distillar::research
