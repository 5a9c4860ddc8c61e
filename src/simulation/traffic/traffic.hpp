#pragma once
#include <array>
#include <functional>
#include <optional>

#include "base/random.hpp"
#include "simulation/objects/props.hpp"
#include "simulation/streets/path.hpp"

namespace distillar::simulation {

/// Vehicles that drive around the ego vehicle, and that one itself: they follow lanes, keep
/// distance (the intelligent driver model: Treiber, Hennecke, Helbing, 2000), stop at red lights
/// and for people, and turn at crossings. Who comes first has the crossing; others whose way meets
/// his wait before it, and nobody enters one that he cannot leave. Steps of 0.1 s from the
/// beginning, on one thread: time t is the same however one gets there.
class Traffic {
public:
    /// @param people  street coordinates of those who cross a road near a place at a time.
    using People = std::function<std::vector<Eigen::Vector2d>(const Eigen::Vector2d&, double)>;
    Traffic(const City& city, const StreetMap& map, const Props& props, std::uint64_t seed,
            People people);

    /// Brings everything to `time` (seconds, not before an earlier call) or a step beyond.
    void advance_to(double time);

    /// Valid for the last 3 s.
    PathPoint ego(double time) const { return place(vehicles_.front(), time); }

    struct Mover {
        std::shared_ptr<const Shape> shape;
        PathPoint begin, end;
        std::uint32_t number = 0;  ///< counts up; the ego vehicle is 0 and not listed
        std::uint32_t paint = 0;
        bool moving = false;
        float scale = 1;
    };
    /// All other vehicles at two near times.
    std::vector<Mover> movers(double begin, double end) const;

private:
    static constexpr double step_ = 0.1;
    static constexpr std::size_t remembered_ = 32;

    struct Vehicle {
        Path path;
        std::shared_ptr<const Shape> shape;
        std::uint32_t number, paint;
        double length, desired;
        double speed = 0;
        double stuck = 0;                             ///< seconds
        std::optional<Path::StopLine> crossing = {};  ///< that it may enter, or is upon
        std::array<double, remembered_> travelled{};  ///< by step modulo remembered_
    };

    void take_step();
    /// What a driver minds: metres from the own front, and its speed in the same direction.
    struct Ahead {
        double gap = 1e3, speed = 0;
    };
    Ahead thing_ahead(const Vehicle& vehicle, const std::vector<Eigen::Vector2d>& people) const;
    double allowed_speed(const Vehicle& vehicle) const;
    // traffic_crossings.cpp
    Ahead line_ahead(Vehicle& vehicle, const Ahead& thing) const;
    bool may_enter(const Vehicle& vehicle, const Path::StopLine& stop, const Ahead& thing) const;
    bool ways_meet(const Vehicle& vehicle, const Path::StopLine& stop, const Vehicle& other) const;
    // traffic_supply.cpp
    void replace_far_ones();
    void fill_lanes();
    bool near_crossing(const Street& street, double s, double length) const;
    bool in_the_way(const Vehicle& vehicle) const;
    bool spawn(const Street& street, int forward, int lane, double s);
    PathPoint place(const Vehicle& vehicle, double time) const;
    double now() const { return static_cast<double>(steps_) * step_; }
    double now_at(const Vehicle& vehicle) const { return vehicle.travelled[steps_ % remembered_]; }
    double front_of(const Vehicle& vehicle) const { return now_at(vehicle) + vehicle.length / 2; }
    double rear_of(const Vehicle& vehicle) const { return now_at(vehicle) - vehicle.length / 2; }

    const City& city_;
    const StreetMap& map_;
    const Props& props_;
    People people_;
    base::Random random_;
    std::uint32_t next_number_ = 0;
    std::size_t steps_ = 0;
    std::vector<Vehicle> vehicles_;  ///< the first is the ego vehicle
};

}  // namespace distillar::simulation
