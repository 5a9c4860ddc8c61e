#include "simulation/sensors/rig.hpp"

#include "datasets/dataset.hpp"
#include "datasets/named_configs.hpp"
#include "simulation/writers/layouts.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;
using simulation::load_rig;
using test::error_of;

const simulation::CameraMount& camera_of(const simulation::Rig& rig, const std::string& name) {
    for (const auto& camera : rig.cameras) {
        if (camera.name == name) {
            return camera;
        }
    }
    throw std::runtime_error("no camera " + name);
}

/// A rig file that can be broken.
class RigFile : public testing::Test {
protected:
    std::string error(const std::string& from, const std::string& to) {
        std::string text = test::read_bytes(datasets::config_file("rigs", "rig", "kitti"));
        const auto place = text.find(from);
        EXPECT_NE(place, std::string::npos) << from;
        text.replace(place, from.size(), to);
        const auto file = test::write_bytes(folder_ / "mine.yaml", text);
        return error_of([&] { load_rig(file); });
    }
    test::TemporaryFolder folder_;
};

TEST(Rig, AllLoadAndFitTheirLayouts) {
    for (const auto& name : datasets::config_names("rigs")) {
        const auto rig = load_rig(name);
        EXPECT_EQ(rig.name, name);
        EXPECT_FALSE(rig.title.empty());
        EXPECT_EQ(rig.layouts.back(), "log");
        for (const auto& layout : rig.layouts) {
            EXPECT_EQ(simulation::choose_layout(rig, layout), layout);
        }
        EXPECT_EQ(simulation::choose_layout(rig, ""), rig.layouts.front());
    }
}

TEST(Rig, AnglesTurnLeftUpAndRight) {
    const auto turned = [](double yaw, double pitch, double roll, const Eigen::Vector3d& axis) {
        return Eigen::Vector3d(
            simulation::pose_from_angles(Eigen::Vector3d::Zero(), yaw, pitch, roll).linear() *
            axis);
    };
    const Eigen::Vector3d x(1, 0, 0), y(0, 1, 0), z(0, 0, 1);
    EXPECT_TRUE(turned(90, 0, 0, x).isApprox(y));
    EXPECT_TRUE(turned(0, 90, 0, x).isApprox(z));
    EXPECT_TRUE(turned(0, 0, 90, y).isApprox(z));  // its left side goes up: it tilts right
    EXPECT_TRUE(turned(90, 90, 0, x).isApprox(z));
}

TEST(Rig, CamerasLookWhereTheyShould) {
    const auto rig = load_rig("nuscenes");
    const auto looks = [&](const char* name) {
        return Eigen::Vector3d(camera_of(rig, name).T_vehicle_camera.linear().col(2));
    };
    EXPECT_GT(looks("CAM_FRONT").x(), 0.99);
    EXPECT_LT(looks("CAM_BACK").x(), -0.99);
    EXPECT_GT(looks("CAM_FRONT_LEFT").y(), 0.8);
    EXPECT_LT(looks("CAM_FRONT_RIGHT").y(), -0.8);
    EXPECT_GT(looks("CAM_BACK_LEFT").y(), 0.9);
    EXPECT_LT(looks("CAM_BACK_RIGHT").y(), -0.9);
    for (const auto& camera : rig.cameras) {
        EXPECT_LT(camera.T_vehicle_camera.linear()(2, 1), -0.99) << "upright: y points down";
        EXPECT_GT(camera.T_vehicle_camera.translation().z(), 1.4);
    }
}

/// Real extrinsics, image size aside: KITTI's drive 90 and nuScenes' first key frame.
TEST(Rig, GeometryIsThatOfTheRealCars) {
    DISTILLAR_DATA_OR_SKIP(data);
    datasets::Selection selection;
    selection.path = data / "semantickitti";
    selection.format = "semantickitti";
    selection.sequences = {"90"};
    auto frame = datasets::open_dataset(selection)->read(0);
    const auto kitti = load_rig("kitti");
    const auto& image_2 = kitti.cameras.at(0);
    EXPECT_TRUE((image_2.T_vehicle_camera.inverse() * kitti.lidars.at(0).T_vehicle_lidar)
                    .isApprox(frame.views.at(0).T_camera_lidar, 1e-5));
    EXPECT_EQ(image_2.camera.fx, frame.views.at(0).camera.fx);
    EXPECT_EQ(image_2.camera.cy, frame.views.at(0).camera.cy);

    selection = {};
    selection.path = data / "nuscenes";
    frame = datasets::open_dataset(selection)->read(0);
    const auto nuscenes = load_rig("nuscenes");
    const auto& front = camera_of(nuscenes, "CAM_FRONT");
    geometry::Pose T_camera_lidar =
        front.T_vehicle_camera.inverse() * nuscenes.lidars.at(0).T_vehicle_lidar;
    const auto& real = frame.views.at(0);
    EXPECT_TRUE(T_camera_lidar.linear().isApprox(real.T_camera_lidar.linear(), 1e-3));
    EXPECT_NEAR(2 * front.camera.fx, real.camera.fx, 1e-2);
    EXPECT_NEAR(2 * front.camera.cx, real.camera.cx, 1e-2);
}

TEST(Rig, UnknownNameHasTheNearest) {
    EXPECT_HAS(error_of([] { load_rig("kiti"); }), "there is no rig 'kiti'; did you mean 'kitti'?");
    EXPECT_HAS(error_of([] { load_rig("/nowhere/mine.yaml"); }), "/nowhere/mine.yaml");
}

TEST_F(RigFile, MistakesAreNamed) {
    EXPECT_HAS(error("interval: 0.1", "intervall: 0.1"), "did you mean 'interval'?");
    EXPECT_HAS(error("sensor: hdl64e", "sensr: hdl64e"), "did you mean 'sensor'?");
    EXPECT_HAS(error("sensor: hdl64e", "sensor: hdl64"), "did you mean 'hdl64e'?");
    EXPECT_HAS(error("exposure_ms: 0", "exposure: 0"), "did you mean 'exposure_ms'?");
    EXPECT_HAS(error("[semantickitti, log]", "[semantikitti, log]"),
               "did you mean 'semantickitti'?");
    const std::string place = error("sensor: hdl64e", "sensor: hdl64");
    EXPECT_HAS(place, "mine.yaml: line ");
    EXPECT_HAS(place, "lidars.velodyne.sensor: ");
}

TEST_F(RigFile, ImpossibleValuesAreNamed) {
    EXPECT_HAS(error("interval: 0.1", "interval: 0"), "interval: 0 is impossible; seconds from");
    EXPECT_HAS(error("interval: 0.1", "interval: .nan"), "is impossible");
    EXPECT_HAS(error("[0.76, 0.0, 1.73]", "[0.76, 0.0, -1.73]"), "metres above the road");
    EXPECT_HAS(error("[0.76, 0.0, 1.73]", "[0.76, 1.73]"), "must be [x, y, z]");
    EXPECT_HAS(error("[1242, 375]", "[1242, 0]"), "size[1]: 0 is impossible");
    EXPECT_HAS(error("[1242, 375]", "[1242.5, 375]"), "expected a whole number");
    EXPECT_HAS(error("[721.5377, ", "[-721.5377, "), "intrinsics[0]: -721.5377 is impossible");
    EXPECT_HAS(error("[721.5377, ", "["), "must be [fx, fy, cx, cy]");
    EXPECT_HAS(error("pitch: 0.5988", "pitch: 120"), "120 is impossible; degrees from -90 to 90");
    EXPECT_HAS(error("  image_2: ", "  ../image_2: "), "becomes a folder");
    EXPECT_HAS(error("  image_2: ", "  velodyne: "), "is taken");
    EXPECT_HAS(error("  image_2: ", "  image_3: "), "it has no camera 'image_3', only image_2");
}

TEST(Rig, LayoutsThatDoNotFitNameLog) {
    const auto refusal = [](const char* rig, const char* layout) {
        return error_of([&] { simulation::choose_layout(load_rig(rig), layout); });
    };
    for (const char* rig : {"pandaset", "poss", "rellis", "vlp16", "nuscenes"}) {
        EXPECT_HAS(refusal(rig, "semantickitti"), "write --format log, which holds any rig");
    }
    EXPECT_HAS(refusal("kitti", "nuscenes"), "it holds scans of hdl32e, the rig has hdl64e");
    EXPECT_HAS(refusal("pandaset", "nuscenes"), "it holds one lidar, the rig has 2");
    EXPECT_HAS(refusal("kitti", "semantickiti"), "did you mean 'semantickitti'?");
}

}  // namespace
}  // namespace distillar
