#include "simulation/simulator.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/rendering/render.hpp"
#include "simulation/rendering/weather.hpp"
#include "simulation/sensors/lidar.hpp"
#include "simulation/world.hpp"

namespace distillar::simulation {

namespace {

/// Traffic runs that long before the first frame.
constexpr double warm_up = 20;

/// How far before and after a frame's time its sensors look.
double reach_of(const Rig& rig) {
    double reach = 0.01;
    for (const LidarMount& lidar : rig.lidars) {
        reach = std::max({reach, -lidar.model.first_time(), lidar.model.last_time()});
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
    double reach;                  ///< seconds
    std::unique_ptr<World> world;  ///< its clock began `warm_up` before the log
    World::View view;              ///< the last frame's
    int number = 0;                ///< of the frame that the world stands at
    double time = 0;               ///< of that frame in the world, seconds

    void advance(int to);
    LidarScan scan_of(std::size_t lidar) const;
    CameraShot shot_of(std::size_t camera) const;
    geometry::Pose T_world_scene() const {
        return geometry::Pose(Eigen::Translation3d(view.origin));
    }
    float scene_time(double at) const {  ///< 0..1
        return static_cast<float>((at - (time - reach)) / (2 * reach));
    }
};

void Simulator::State::advance(int to) {
    if (world == nullptr || to < number) {
        world = std::make_unique<World>(city, seed);
    }
    number = to;
    time = warm_up + number * rig.interval;
    world->advance_to(time + reach);
}

LidarScan Simulator::State::scan_of(std::size_t lidar) const {
    const LidarMount& mount = rig.lidars[lidar];
    const Sweep sweep{time, time - reach, time + reach, T_world_scene(),
                      [&](double at) { return world->vehicle_pose(at) * mount.T_vehicle_lidar; }};
    LidarScan result = scan(*view.scene, mount.model, sweep, seed + 1000 * lidar,
                            static_cast<std::uint64_t>(number));
    result.T_world_lidar = sweep.pose(time);
    return result;
}

CameraShot Simulator::State::shot_of(std::size_t camera) const {
    const CameraMount& mount = rig.cameras[camera];
    const double at = time + mount.exposure_offset;
    const geometry::Pose T_world_vehicle = world->vehicle_pose(at);
    const geometry::Pose T_world_camera = T_world_vehicle * mount.T_vehicle_camera;
    const Exposure exposure{mount.camera, T_world_scene().inverse() * T_world_camera,
                            scene_time(at),
                            seed * 7919 + static_cast<std::uint64_t>(number) * 64 + camera};
    CameraShot shot = render(*view.scene, weather, exposure);
    shot.time = at - warm_up;
    shot.T_world_camera = T_world_camera;
    shot.T_world_vehicle = T_world_vehicle;
    return shot;
}

Simulator::Simulator(City city, Rig rig, std::uint64_t seed) {
    const double reach = reach_of(rig);
    state_ = std::make_unique<State>(
        State{std::move(city), std::move(rig), seed, make_weather(seed), reach, nullptr, {}, 0, 0});
}

Simulator::~Simulator() = default;

SimulatedFrame Simulator::frame(int number) {
    State& state = *state_;
    state.advance(number);
    state.view = state.world->view(state.time - state.reach, state.time + state.reach);
    SimulatedFrame frame;
    frame.number = number;
    frame.time = number * state.rig.interval;
    frame.T_world_vehicle = state.world->vehicle_pose(state.time);
    for (std::size_t i = 0; i < state.rig.lidars.size(); ++i) {
        frame.lidars.push_back(state.scan_of(i));
    }
    for (std::size_t i = 0; i < state.rig.cameras.size(); ++i) {
        frame.cameras.push_back(state.shot_of(i));
    }
    return frame;
}

geometry::Pose Simulator::drive_to(int number) {
    state_->advance(number);
    return state_->world->vehicle_pose(state_->time);
}

geometry::Pose Simulator::vehicle_pose(double time) const {
    return state_->world->vehicle_pose(warm_up + time);
}

Simulator::Sight Simulator::look(const Eigen::Vector3d& from, const Eigen::Vector3d& towards,
                                 double time) const {
    Ray ray;
    ray.origin = (from - state_->view.origin).cast<float>();
    ray.direction = (towards - from).normalized().cast<float>();
    ray.time = state_->scene_time(warm_up + time);
    const auto hit = state_->view.scene->trace(ray);
    if (!hit) {
        return {};
    }
    return {appearance(*hit, 0).category.value_or(hit->surface.category),
            static_cast<double>(hit->distance)};
}

}  // namespace distillar::simulation
