#include "simulation/traffic/walkers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "road_checks.hpp"
#include "simulation/streets/placer.hpp"
#include "simulation/streets/signals.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector2d;

namespace {

constexpr std::uint64_t seed = 5;
constexpr double step = 0.1, span = 130;  // three cycles of the lights

/// The longest way over a road, and many who take it.
City wide_avenues() {
    City city = load_city("a");
    city.streets.avenue_share = city.streets.parking_share = 1;
    city.streets.lane_width = 4;
    city.traffic.people = 20;
    return city;
}

template <typename Check>
void for_tiles(const Check& check) {
    for (const City& city : {load_city("a"), load_city("b"), load_city("c"), wide_avenues()}) {
        const StreetMap map(city, seed);
        for (const Tile tile : {Tile{0, 0}, Tile{-3, 2}, Tile{7, -5}}) {
            check(city, map, tile);
        }
    }
}

}  // namespace

TEST(Walkers, MoveWithoutJumps) {
    for_tiles([](const City& city, const StreetMap& map, const Tile& tile) {
        auto last = walkers_of(city, map, tile, seed, 0);
        for (double time = step; time < span; time += step) {
            const auto now = walkers_of(city, map, tile, seed, time);
            ASSERT_EQ(now.size(), last.size());
            for (std::size_t n = 0; n < now.size(); ++n) {
                ASSERT_EQ(now[n].number, last[n].number);
                ASSERT_EQ(now[n].variant, last[n].variant);
                const double moved = (now[n].at - last[n].at).norm();
                ASSERT_LE(moved, 1.8 * step) << "number " << now[n].number << " at " << time;
                if (!now[n].walking && !last[n].walking) {
                    ASSERT_LT(moved, 1e-9) << "who stands stays";
                }
            }
            last = now;
        }
    });
}

TEST(Walkers, LookWhereTheyGo) {
    for_tiles([](const City& city, const StreetMap& map, const Tile& tile) {
        for (double time = 0; time < span; time += 1.3) {
            const auto now = walkers_of(city, map, tile, seed, time);
            const auto soon = walkers_of(city, map, tile, seed, time + 0.02);
            for (std::size_t n = 0; n < now.size(); ++n) {
                const Vector2d way = soon[n].at - now[n].at;
                if (now[n].walking && soon[n].walking && now[n].heading == soon[n].heading) {
                    const Vector2d ahead(std::cos(now[n].heading), std::sin(now[n].heading));
                    EXPECT_NEAR(way.dot(ahead), way.norm(), 1e-6);
                    EXPECT_GT(way.norm(), 0.01);
                    EXPECT_NEAR(soon[n].walked - now[n].walked, way.norm(), 1e-6);
                }
            }
        }
    });
}

TEST(Walkers, KeepToSidewalksAndCrossings) {
    for_tiles([](const City& city, const StreetMap& map, const Tile& tile) {
        for (double time = 0; time < span; time += 0.7) {
            for (const Walker& walker : walkers_of(city, map, tile, seed, time)) {
                const double road = test::inside_road(map, walker.at);
                EXPECT_LT(test::inside_block(map, walker.at), -0.05) << walker.number;
                EXPECT_NEAR(walker.lift, road > 0 ? 0 : curb_height, 1e-9);
                if (road <= 0.05) {
                    continue;
                }
                bool on_crossing = false;
                for (const int along : {0, 1}) {
                    const Stretch stretch = stretch_of(map, tile, along);
                    const double s = along == 0 ? walker.at.x() : walker.at.y();
                    const double from_end = std::min(s - stretch.begin, stretch.end - s);
                    const double across = along == 0 ? walker.at.y() : walker.at.x();
                    on_crossing = on_crossing || (std::abs(across - map.line(stretch.street)) <
                                                      map.kind(stretch.street).edge() &&
                                                  from_end > 1 && from_end < 4);
                }
                EXPECT_TRUE(on_crossing) << walker.number << " at " << walker.at.transpose();
            }
        }
    });
}

TEST(Walkers, CrossTheRoadAtRedOnly) {
    std::size_t crossed = 0;
    for_tiles([&](const City& city, const StreetMap& map, const Tile& tile) {
        for (double time = 0; time < span; time += 0.5) {
            const auto people = crossing_people(city, map, tile, seed, time);
            crossed += people.size();
            for (const Vector2d& at : people) {
                bool red = false;
                for (const int along : {0, 1}) {
                    for (const int end : {0, 1}) {
                        const int i = tile.i + (along == 0 ? end : 0);
                        const int j = tile.j + (along == 1 ? end : 0);
                        const Vector2d middle(map.line(1, i), map.line(0, j));
                        red = red || ((at - middle).norm() < 30 &&
                                      signal_phase(i, j, along, time).light == SignalPhase::red);
                    }
                }
                EXPECT_TRUE(red);
            }
        }
    });
    EXPECT_GT(crossed, 100U);
}

TEST(Walkers, HaveNumbersOfTheirOwn) {
    for_tiles([](const City& city, const StreetMap& map, const Tile& tile) {
        std::set<std::uint32_t> numbers;
        const auto walkers = walkers_of(city, map, tile, seed, 0);
        for (const Walker& walker : walkers) {
            EXPECT_TRUE(numbers.insert(walker.number).second);
            EXPECT_LT(walker.number, tile_numbers - first_walker);
        }
    });
}
