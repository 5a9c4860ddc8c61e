#include "simulation/simulator.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/lidar.hpp"
#include "simulation/render.hpp"
#include "simulation/weather.hpp"
#include "simulation/world.hpp"

namespace distillar::simulation {

namespace {

/// Traffic runs that long before the first frame.
constexpr double warm_up = 20;

/// How far before and after a frame's time its sensors look.
double reach_of(const Rig& rig) {
    double reach = 0.01;
    for (const LidarMount& lidar : rig.lidars) {
        reach = std::max(reach, lidar.model.period / 2);
    }
    for (const CameraMount& camera : rig.cameras) {
        reach = std::max(reach, std::abs(camera.exposure_offset));
    }
    return reach + 0.001;
}

}  // namespace

struct Simulator::State {
    City city;
    Rig rig;
    std::uint64_t seed;
    Weather weather;
    std::unique_ptr<World> world;
    int next = 0;  ///< least number that the world can still show

    double time_of(int number) const { return warm_up + number * rig.interval; }
};

Simulator::Simulator(City city, Rig rig, std::uint64_t seed)
    : state_(new State{std::move(city), std::move(rig), seed, make_weather(seed), nullptr, 0}) {}

Simulator::~Simulator() = default;

SimulatedFrame Simulator::frame(int number) {
    State& state = *state_;
    if (state.world == nullptr || number < state.next) {
        state.world = std::make_unique<World>(state.city, state.seed);
    }
    state.next = number + 1;
    const double time = state.time_of(number), reach = reach_of(state.rig);
    World& world = *state.world;
    world.advance_to(time + reach);
    const World::View view = world.view(time - reach, time + reach);

    SimulatedFrame frame;
    frame.number = number;
    frame.time = number * state.rig.interval;
    frame.T_world_vehicle = world.vehicle_pose(time);
    geometry::Pose T_world_scene = geometry::Pose::Identity();
    T_world_scene.translation() = view.origin;
    const auto key = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < state.rig.lidars.size(); ++i) {
        const LidarMount& mount = state.rig.lidars[i];
        const Sweep sweep{time, time - reach, time + reach, T_world_scene, [&](double at) {
                              return world.vehicle_pose(at) * mount.T_vehicle_lidar;
                          }};
        frame.lidars.push_back(scan(*view.scene, mount.model, sweep, state.seed + 1000 * i, key));
        frame.lidars.back().T_world_lidar = sweep.pose(time);
    }
    for (std::size_t i = 0; i < state.rig.cameras.size(); ++i) {
        const CameraMount& mount = state.rig.cameras[i];
        const double at = time + mount.exposure_offset;
        const geometry::Pose T_world_vehicle = world.vehicle_pose(at);
        const geometry::Pose T_world_camera = T_world_vehicle * mount.T_vehicle_camera;
        const Exposure exposure{mount.camera, T_world_scene.inverse() * T_world_camera,
                                static_cast<float>((mount.exposure_offset + reach) / (2 * reach)),
                                state.seed * 7919 + key * 64 + i};
        CameraShot shot = render(*view.scene, state.weather, exposure);
        shot.time = frame.time + mount.exposure_offset;
        shot.T_world_camera = T_world_camera;
        shot.T_world_vehicle = T_world_vehicle;
        frame.cameras.push_back(std::move(shot));
    }
    return frame;
}

}  // namespace distillar::simulation
