#include "simulation/made_frames.hpp"

#include "base/random.hpp"

namespace distillar::test {

using simulation::Category;

namespace {

constexpr int shrink = 10;
constexpr int point_count = 500;

Category category_of(std::size_t i) {
    return static_cast<Category>(i % static_cast<std::size_t>(simulation::category_count));
}

simulation::LidarScan made_scan(std::uint64_t number, std::uint64_t sensor) {
    base::Random random(7, number, sensor);
    simulation::LidarScan scan;
    scan.points.resize(point_count, 3);
    for (int i = 0; i < point_count; ++i) {
        scan.points.row(i) << random.uniform(-40, 40), random.uniform(-40, 40),
            random.uniform(-2, 6);
        const auto place = static_cast<std::size_t>(i);
        const Category category = category_of(place);
        scan.intensity.push_back(static_cast<float>(random.uniform()));
        scan.ring.push_back(static_cast<std::uint16_t>(i % 32));
        scan.time.push_back(static_cast<float>(random.uniform(-0.05, 0.05)));
        scan.category.push_back(category == Category::sky ? Category::unlabelled : category);
        scan.moving.push_back(place % 3 == 0 ? 1 : 0);
        scan.instance.push_back(static_cast<std::uint32_t>(place % 5 == 0 ? 70000 + place : 0));
    }
    return scan;
}

simulation::CameraShot made_shot(const simulation::CameraMount& mount, std::uint64_t number,
                                 std::uint64_t sensor) {
    base::Random random(8, number, sensor);
    const auto pixels = static_cast<std::size_t>(mount.camera.width * mount.camera.height);
    simulation::CameraShot shot;
    shot.image = {mount.camera.width, mount.camera.height, {}};
    for (std::size_t i = 0; i < pixels; ++i) {
        for (int channel = 0; channel < 3; ++channel) {
            shot.image.rgb.push_back(static_cast<std::uint8_t>(random.below(256)));
        }
        shot.category.push_back(category_of(i));
        shot.moving.push_back(i % 2 == 0 ? 1 : 0);
        shot.instance.push_back(static_cast<std::uint32_t>(i % 7 == 0 ? 66000 + i : 0));
    }
    return shot;
}

}  // namespace

simulation::Rig small_rig(const std::string& name) {
    auto rig = simulation::load_rig(name);
    for (auto& mount : rig.cameras) {
        auto& camera = mount.camera;
        camera.width /= shrink;
        camera.height /= shrink;
        camera.fx /= shrink;
        camera.fy /= shrink;
        camera.cx /= shrink;
        camera.cy /= shrink;
    }
    return rig;
}

geometry::Pose vehicle_at(double time) {
    auto pose = simulation::pose_from_angles({10 * time, 2 + time * time, 0.1 * time}, 6 * time,
                                             0.5, -0.3 * time);
    return pose;
}

simulation::SimulatedFrame made_frame(const simulation::Rig& rig, int number) {
    simulation::SimulatedFrame frame;
    frame.number = number;
    frame.time = number * rig.interval;
    frame.T_world_vehicle = vehicle_at(frame.time);
    const auto address = static_cast<std::uint64_t>(number);
    for (const auto& mount : rig.lidars) {
        frame.lidars.push_back(made_scan(address, frame.lidars.size()));
        frame.lidars.back().T_world_lidar = frame.T_world_vehicle * mount.T_vehicle_lidar;
    }
    for (const auto& mount : rig.cameras) {
        auto shot = made_shot(mount, address, frame.cameras.size());
        shot.time = frame.time + mount.exposure_offset;
        shot.T_world_vehicle = vehicle_at(shot.time);
        shot.T_world_camera = shot.T_world_vehicle * mount.T_vehicle_camera;
        frame.cameras.push_back(std::move(shot));
    }
    return frame;
}

}  // namespace distillar::test
