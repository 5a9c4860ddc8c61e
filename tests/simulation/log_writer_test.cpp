#include "formats/pcd.hpp"
#include "simulation/written.hpp"

namespace distillar {
namespace {

TEST(LogWriter, ReaderGivesTheSameFramesOfAnyRig) {
    const test::TemporaryFolder out;
    for (const char* name : {"kitti", "nuscenes", "poss", "rellis", "vlp16"}) {
        const auto rig = test::small_rig(name);
        test::write_made(test::small_options(out / name, "log"), rig);
        const auto dataset = test::open_folder(out / name);
        EXPECT_EQ(dataset->format(), "log");
        ASSERT_EQ(dataset->size(), 3U);
        EXPECT_EQ(dataset->label_names().at(40), "road");
        for (std::size_t i = 0; i < 3; ++i) {
            const auto made = test::made_frame(rig, static_cast<int>(i));
            const auto frame = dataset->read(i);
            test::expect_same_points(frame, made.lidars[0],
                                     simulation::semantickitti_labels(made.lidars[0]));
            EXPECT_EQ(frame.sensor, rig.lidars[0].model.name);
            EXPECT_NEAR(frame.sensor_height, rig.lidars[0].T_vehicle_lidar.translation().z(), 1e-6);
            ASSERT_EQ(frame.views.size(), rig.cameras.size());
            for (std::size_t camera = 0; camera < rig.cameras.size(); ++camera) {
                test::expect_same_view(frame, made, rig, camera, false);
            }
            test::expect_extras(out / name / "extras", made, rig, frame, 0);
        }
    }
}

TEST(LogWriter, SeveralLidarsAreSeveralLogsThatShareImages) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("pandaset");
    test::write_made(test::small_options(out / "pandaset", ""), rig);
    for (std::size_t lidar = 0; lidar < rig.lidars.size(); ++lidar) {
        const auto& name = rig.lidars[lidar].name;
        const auto dataset = test::open_folder(out / "pandaset" / name);
        for (std::size_t i = 0; i < 3; ++i) {
            auto made = test::made_frame(rig, static_cast<int>(i));
            std::swap(made.lidars[0], made.lidars[lidar]);
            const auto frame = dataset->read(i);
            test::expect_same_points(frame, made.lidars[0],
                                     simulation::semantickitti_labels(made.lidars[0]));
            for (std::size_t camera = 0; camera < rig.cameras.size(); ++camera) {
                test::expect_same_view(frame, made, rig, camera, false);
            }
        }
    }
}

TEST(LogWriter, ScansCarryRingTimeLabelAndInstance) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("vlp16");
    test::write_made(test::small_options(out / "log", ""), rig);
    const auto cloud = formats::read_pcd(out / "log/lidar/000002.pcd");
    const auto scan = test::made_frame(rig, 2).lidars[0];
    EXPECT_EQ(cloud.ring, scan.ring);
    EXPECT_EQ(cloud.instance, scan.instance);
    EXPECT_EQ(cloud.time, std::vector<double>(scan.time.begin(), scan.time.end()));
}

TEST(LogWriter, LongIntervalsKeepExactPoses) {
    const test::TemporaryFolder out;
    auto rig = test::small_rig("nuscenes");
    rig.interval = 9;  // between two frames the car turns by 54 degrees
    test::write_made(test::small_options(out / "log", "log"), rig);
    const auto frame = test::open_folder(out / "log")->read(1);
    for (std::size_t camera = 0; camera < rig.cameras.size(); ++camera) {
        test::expect_same_view(frame, test::made_frame(rig, 1), rig, camera, false);
    }
}

TEST(LogWriter, UnfinishedLogsSaySo) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("vlp16");
    const auto source = [&](int number) {
        if (number == 2) {
            throw std::runtime_error("stopped");
        }
        return test::made_frame(rig, number);
    };
    const auto options = test::small_options(out / "log", "");
    test::error_of([&] { simulation::write_simulation(options, rig, source, [] {}); });
    EXPECT_HAS(test::error_of([&] { test::open_folder(out / "log"); }),
               "unfinished (run the same distillar simulate command again)");
}

}  // namespace
}  // namespace distillar
