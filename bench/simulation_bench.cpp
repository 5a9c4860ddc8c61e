// What a simulated frame costs, and its parts. Aims on two quiet cores: KITTI's rig 1.5 s,
// nuScenes' 3 s a frame. Time: wall; CPU: of all threads together.
//   bench-simulation
#include <benchmark/benchmark.h>

#include "simulation/rendering/render.hpp"
#include "simulation/sensors/lidar.hpp"
#include "simulation/simulator.hpp"
#include "simulation/world.hpp"

namespace {

using namespace distillar::simulation;

constexpr std::uint64_t seed = 1;
constexpr const char* cities[] = {"a", "b"};
constexpr const char* rigs[] = {"kitti", "nuscenes"};

City city_of(const benchmark::State& state) {
    return load_city(cities[state.range(0)]);
}

Rig rig_of(const benchmark::State& state) {
    return load_rig(rigs[state.range(1)]);
}

void name(benchmark::State& state, bool with_rig) {
    state.SetLabel(std::string("city ") + cities[state.range(0)] +
                   (with_rig ? std::string(", ") + rigs[state.range(1)] : ""));
}

/// A drive at the rig's own interval: tiles come into sight as the vehicle goes on.
void frame(benchmark::State& state) {
    Simulator simulator(city_of(state), rig_of(state), seed);
    int number = 0;
    simulator.frame(number++);
    double points = 0;
    for (auto _ : state) {
        const auto frame = simulator.frame(number++);
        points += static_cast<double>(frame.lidars[0].points.rows());
    }
    state.counters["points"] = benchmark::Counter(points, benchmark::Counter::kAvgIterations);
    name(state, true);
}

/// What surrounds the vehicle after ten seconds.
struct Place {
    World world;
    World::View view;
    explicit Place(const City& city) : world(city, seed) {
        world.advance_to(10.1);
        view = world.view(10, 10.1);
    }
    distillar::geometry::Pose T_scene_vehicle() const {
        distillar::geometry::Pose pose = world.vehicle_pose(10.05);
        pose.translation() -= view.origin;
        return pose;
    }
};

void scan_only(benchmark::State& state) {
    const Place place(city_of(state));
    const Rig rig = rig_of(state);
    const auto pose = place.T_scene_vehicle() * rig.lidars[0].T_vehicle_lidar;
    Sweep sweep;
    sweep.pose = [&](double) { return pose; };
    std::uint64_t number = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(scan(*place.view.scene, rig.lidars[0].model, sweep, 1, number++));
    }
    name(state, true);
}

void image_only(benchmark::State& state) {
    const Place place(city_of(state));
    const Rig rig = rig_of(state);
    const Weather weather = make_weather(seed);
    Exposure exposure;
    exposure.camera = rig.cameras[0].camera;
    exposure.T_scene_camera = place.T_scene_vehicle() * rig.cameras[0].T_vehicle_camera;
    for (auto _ : state) {
        benchmark::DoNotOptimize(render(*place.view.scene, weather, exposure));
        ++exposure.seed;
    }
    name(state, true);
}

/// One tile after the other, on one thread.
void tile_building(benchmark::State& state) {
    const City city = city_of(state);
    const StreetMap map(city, seed);
    int number = 0;
    for (auto _ : state) {
        const Tile tile{number % 8, number / 8 % 8};
        ++number;
        benchmark::DoNotOptimize(build_tile(city, map, Props::shared(), tile, seed));
    }
    name(state, false);
}

/// With all tiles in memory.
void scene_building(benchmark::State& state) {
    Place place(city_of(state));
    for (auto _ : state) {
        benchmark::DoNotOptimize(place.world.view(10, 10.1));
    }
    name(state, false);
}

void a_second_of_traffic(benchmark::State& state) {
    World world(city_of(state), seed);
    double time = 10;
    world.advance_to(time);
    for (auto _ : state) {
        world.advance_to(++time);
    }
    name(state, false);
}

#define DISTILLAR_BENCH_WITH_RIG(function) \
    BENCHMARK(function)                    \
        ->ArgsProduct({{0, 1}, {0, 1}})    \
        ->MeasureProcessCPUTime()          \
        ->Unit(benchmark::kMillisecond)    \
        ->UseRealTime()

#define DISTILLAR_BENCH_CITY(function)  \
    BENCHMARK(function)                 \
        ->Arg(0)                        \
        ->Arg(1)                        \
        ->MeasureProcessCPUTime()       \
        ->Unit(benchmark::kMillisecond) \
        ->UseRealTime()

DISTILLAR_BENCH_WITH_RIG(frame)->MinTime(8);
DISTILLAR_BENCH_WITH_RIG(scan_only);
DISTILLAR_BENCH_WITH_RIG(image_only);
DISTILLAR_BENCH_CITY(tile_building);
DISTILLAR_BENCH_CITY(scene_building);
DISTILLAR_BENCH_CITY(a_second_of_traffic);

}  // namespace

BENCHMARK_MAIN();
