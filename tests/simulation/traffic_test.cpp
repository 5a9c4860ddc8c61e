#include "simulation/traffic/traffic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "simulation/streets/signals.hpp"
#include "simulation/traffic/walkers.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector2d;

namespace {

constexpr double step = 0.1;

/// A city's streets and vehicles; people cross at the first tiles.
struct Drive {
    City city;
    std::uint64_t seed;
    StreetMap map;
    Traffic traffic;

    explicit Drive(const std::string& name, std::uint64_t number = 3)
        : city(load_city(name)),
          seed(number),
          map(city, seed),
          traffic(city, map, Props::shared(), seed, [this](const Vector2d& at, double time) {
              const Tile tile{map.index_below(1, at.x()), map.index_below(0, at.y())};
              return crossing_people(city, map, tile, seed, time);
          }) {}
};

Vector2d direction(double heading) {
    return {std::cos(heading), std::sin(heading)};
}

/// A vehicle's outline on the street map.
struct Box {
    std::uint32_t number;
    PathPoint place;
    Vector2d half;  ///< length, width

    Vector2d front() const { return place.at + half.x() * direction(place.heading); }
};

/// Half of a shape's length and width, without mirrors.
Vector2d half_size(const Shape& shape) {
    static std::map<const Shape*, Vector2d> known;
    const auto found = known.find(&shape);
    if (found != known.end()) {
        return found->second;
    }
    const Eigen::Vector3d sizes = shape.mesh().bounds().sizes().cast<double>();
    return known[&shape] = Vector2d(sizes.x() / 2, sizes.y() / 2 - 0.1);
}

std::vector<Box> boxes_at(const Traffic& traffic, double time) {
    std::vector<Box> boxes{{0, traffic.ego(time), {2.3, 0.9}}};
    for (const auto& mover : traffic.movers(time, time)) {
        boxes.push_back({mover.number, mover.begin, half_size(*mover.shape)});
    }
    return boxes;
}

/// How deep two boxes lie in each other: over all directions, the least overlap (separating axes).
double overlap(const Box& a, const Box& b) {
    const Vector2d way = b.place.at - a.place.at;
    if (way.norm() > a.half.norm() + b.half.norm()) {
        return 0;
    }
    double least = 1e9;
    for (const double heading : {a.place.heading, b.place.heading}) {
        for (const double quarter : {0.0, 1.5707963267948966}) {
            const Vector2d axis = direction(heading + quarter);
            const auto reach = [&](const Box& box) {
                const Vector2d along = direction(box.place.heading);
                const Vector2d across(-along.y(), along.x());
                return box.half.x() * std::abs(along.dot(axis)) +
                       box.half.y() * std::abs(across.dot(axis));
            };
            least = std::min(least, reach(a) + reach(b) - std::abs(way.dot(axis)));
        }
    }
    return std::max(least, 0.0);
}

/// The stop line that a front passed between two steps, if any: 5 m before the other street's curb.
struct Passed {
    int i = 0, j = 0, along = -1;
};
Passed passed_line(const StreetMap& map, const PathPoint& place, const Vector2d& before,
                   const Vector2d& front) {
    const Vector2d ahead = direction(place.heading);
    Passed passed;
    for (const int along : {0, 1}) {
        if (std::abs(ahead[along]) < 0.999 || place.radius > 0) {
            continue;  // in a bend: on the crossing already
        }
        const double sign = ahead[along] > 0 ? 1 : -1;
        const double across = place.at[1 - along];
        int own = map.index_below(along, across);
        own += map.line(along, own + 1) - across < across - map.line(along, own) ? 1 : 0;
        const int below = map.index_below(1 - along, front[along]);
        for (const int index : {below, below + 1}) {
            const double line =
                map.line(1 - along, index) - sign * (map.kind({1 - along, index}).curb() + 5);
            if ((before[along] - line) * sign <= 0 && (front[along] - line) * sign > 0) {
                passed = {along == 0 ? index : own, along == 0 ? own : index, along};
            }
        }
    }
    return passed;
}

/// Watches everybody for 100 seconds.
class Watch {
public:
    explicit Watch(const std::string& city) : drive_(city) {}

    void run() {
        for (int number = 10; number < 1000; ++number) {
            const double time = number * step;
            drive_.traffic.advance_to(time);
            const auto boxes = boxes_at(drive_.traffic, time);
            for (const Box& box : boxes) {
                follow(box, time);
            }
            if (number % 5 == 0) {
                check_overlaps(boxes, time);
            }
        }
    }
    int lines_passed = 0, turns = 0;
    double travelled = 0;  ///< by the ego vehicle

private:
    void follow(const Box& box, double time) {
        const auto known = last_.find(box.number);
        if (known != last_.end()) {
            const Box& before = known->second;
            const double moved = (box.place.at - before.place.at).norm();
            EXPECT_LT(moved, 25 * step) << box.number << " jumps at " << time;
            const auto line = passed_line(drive_.map, box.place, before.front(), box.front());
            if (line.along >= 0) {
                ++lines_passed;
                const auto phase = signal_phase(line.i, line.j, line.along, time);
                EXPECT_FALSE(phase.light == SignalPhase::red && phase.into_red > 0.3)
                    << box.number << " at " << time << " s, red for " << phase.into_red << " s";
            }
            turns += box.place.radius > 0 && before.place.radius == 0 ? 1 : 0;
            travelled += box.number == 0 ? moved : 0;
        }
        last_.insert_or_assign(box.number, box);
    }

    static void check_overlaps(const std::vector<Box>& boxes, double time) {
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                EXPECT_LT(overlap(boxes[i], boxes[k]), 0.3)
                    << boxes[i].number << " and " << boxes[k].number << " at " << time << " s";
            }
        }
    }

    Drive drive_;
    std::map<std::uint32_t, Box> last_;
};

}  // namespace

TEST(Traffic, KeepsDistanceAndMindsTheLights) {
    for (const auto* city : {"a", "b", "c", "d"}) {
        SCOPED_TRACE(city);
        Watch watch(city);
        watch.run();
        EXPECT_GT(watch.lines_passed, 20);
        EXPECT_GT(watch.turns, 5);
        EXPECT_GT(watch.travelled, 200);
    }
}

TEST(Traffic, NobodyWaitsForEver) {
    for (std::uint64_t seed = 1; seed < 3; ++seed) {
        Drive drive("a", seed);
        double waited = 0;
        Vector2d last = drive.traffic.ego(0).at;
        for (double time = 1; time < 150; time += 1) {
            drive.traffic.advance_to(time);
            const Vector2d now = drive.traffic.ego(time).at;
            waited = (now - last).norm() < 0.01 ? waited + 1 : 0;
            ASSERT_LT(waited, 45) << "seed " << seed << " at " << time << " s";
            last = now;
        }
    }
}

TEST(Traffic, IsTheSameHoweverOneGetsThere) {
    Drive steps("c"), at_once("c");
    for (int number = 1; number <= 300; ++number) {
        steps.traffic.advance_to(number * step);
    }
    at_once.traffic.advance_to(30);
    const auto some = steps.traffic.movers(29.93, 30), others = at_once.traffic.movers(29.93, 30);
    ASSERT_EQ(some.size(), others.size());
    EXPECT_GT(some.size(), 20U);
    for (std::size_t i = 0; i < some.size(); ++i) {
        EXPECT_EQ(some[i].number, others[i].number);
        EXPECT_EQ(some[i].paint, others[i].paint);
        EXPECT_EQ(some[i].shape, others[i].shape);
        EXPECT_EQ(some[i].begin.at, others[i].begin.at);
        EXPECT_EQ(some[i].end.at, others[i].end.at);
        EXPECT_EQ(some[i].end.heading, others[i].end.heading);
    }
    EXPECT_EQ(steps.traffic.ego(29.97).at, at_once.traffic.ego(29.97).at);
}

TEST(Traffic, RemembersTheLastSeconds) {
    Drive once("b"), later("b");
    once.traffic.advance_to(20);
    later.traffic.advance_to(22.9);
    for (const double time : {19.95, 20.0}) {
        EXPECT_EQ(once.traffic.ego(time).at, later.traffic.ego(time).at);
    }
}
