#include "simulation/streets/path.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "road_checks.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector2d;

namespace {

constexpr double length = 1500, step = 0.2;

/// Paths from all kinds of lanes.
template <typename Check>
void for_paths(const Check& check) {
    for (const auto* name : {"a", "b", "c", "d"}) {
        const StreetMap map(load_city(name), 6);
        for (std::uint32_t seed = 0; seed < 24; ++seed) {
            const Street street{static_cast<int>(seed % 2), static_cast<int>(seed) - 12};
            const int lanes = map.kind(street).lanes;
            const int lane = static_cast<int>(seed / 4) % lanes;
            const double rim = seed % 3 == 0 && lane + 1 == lanes ? 0.9 : 0;  // a bicycle's
            const double middle = map.line(1 - street.along, 3) + 40;
            Path path(map, street, seed % 4 < 2 ? 1 : -1, lane, middle, rim, true, seed);
            path.extend_to(length);
            check(map, path, rim);
        }
    }
}

double turned(double from, double to) {
    return std::remainder(to - from, 2 * std::numbers::pi);
}

}  // namespace

TEST(Path, IsContinuousThroughTurns) {
    int bends = 0;
    for_paths([&](const StreetMap& map, const Path& path, double) {
        // A bicycle at the rim turns tighter where lanes are narrow (city d).
        const double tightest = map.kind({0, 0}).lane_width < 3.2 ? 1.8 : 1.9;
        PathPoint last = path.at(0);
        for (double s = step; s < length; s += step) {
            const PathPoint now = path.at(s);
            const Vector2d way = now.at - last.at;
            const double heading = last.heading + turned(last.heading, now.heading) / 2;
            ASSERT_NEAR(way.norm(), step, 1e-3) << "at " << s;
            ASSERT_NEAR(turned(std::atan2(way.y(), way.x()), heading), 0, 0.02) << "at " << s;
            const double radius =
                std::min(last.radius > 0 ? last.radius : 1e9, now.radius > 0 ? now.radius : 1e9);
            ASSERT_LE(std::abs(turned(last.heading, now.heading)), step / radius + 1e-9);
            bends += now.radius > 0 && last.radius == 0 ? 1 : 0;
            EXPECT_TRUE(now.radius == 0 || now.radius > tightest) << now.radius;
            last = now;
        }
    });
    EXPECT_GT(bends, 100);
}

TEST(Path, KeepsOffTheSidewalks) {
    for_paths([](const StreetMap& map, const Path& path, double rim) {
        for (double s = 0; s < length; s += step) {
            ASSERT_GT(test::inside_road(map, path.at(s).at), rim > 0 ? 0.5 : 1.0) << "at " << s;
        }
    });
}

TEST(Path, KeepsToTheRightBetweenCrossings) {
    for_paths([](const StreetMap& map, const Path& path, double) {
        for (double s = 0; s < length; s += step) {
            const PathPoint now = path.at(s);
            if (now.radius > 0) {
                continue;
            }
            const Vector2d left(-std::sin(now.heading), std::cos(now.heading));
            const bool along_x = std::abs(left.y()) > 0.5;
            const double across = along_x ? now.at.y() : now.at.x();
            const double sign = along_x ? left.y() : left.x();
            const int below = map.index_below(along_x ? 0 : 1, across);
            const double middle = map.line(along_x ? 0 : 1, sign > 0 ? below + 1 : below);
            const double right = (middle - across) * sign;
            EXPECT_GT(right, 1.3) << "at " << s;
            EXPECT_LT(right, 9) << "at " << s;
        }
    });
}

TEST(Path, StopsBeforeEveryCrossing) {
    for_paths([](const StreetMap& map, const Path& path, double) {
        double from = 0;
        int count = 0;
        for (const auto* stop = path.next_stop(0); stop != nullptr; stop = path.next_stop(from)) {
            const PathPoint place = path.at(stop->distance);
            const Street across{1 - stop->along, stop->along == 0 ? stop->i : stop->j};
            const double coordinate = stop->along == 0 ? place.at.x() : place.at.y();
            const double gap = std::abs(map.line(across) - coordinate) - map.kind(across).curb();
            EXPECT_NEAR(gap, 5, 1e-6) << "metres before the other street's curb";
            const Vector2d ahead(std::cos(place.heading), std::sin(place.heading));
            EXPECT_GT((map.line(across) - coordinate) * ahead[stop->along], 0) << "it lies ahead";
            EXPECT_GT(stop->distance, from);
            from = stop->distance + 0.1;
            ++count;
        }
        EXPECT_GT(count, 8);
    });
}

TEST(Path, ForgetsOnlyWhatLiesBehind) {
    for_paths([](const StreetMap&, Path& path, double) {
        const Vector2d here = path.at(700).at, ahead = path.at(1400).at;
        const auto stop = *path.next_stop(705);
        path.forget_before(700);
        EXPECT_EQ(path.at(700).at, here);
        EXPECT_EQ(path.at(1400).at, ahead);
        EXPECT_EQ(path.next_stop(705)->distance, stop.distance);
    });
}
