/// Times, poses, pairing, and what people get wrong in log.yaml.
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "datasets/log_file.hpp"
#include "datasets/trajectory.hpp"
#include "formats/kitti.hpp"
#include "formats/pcd.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using test::error_of;
using test::select;
using test::view_of;

namespace {

namespace fs = std::filesystem;

constexpr const char* camera_keys =
    "intrinsics: [320, 320, 320, 240], size: [640, 480], T_camera_lidar: [[0, -1, 0, 0], [0, 0, "
    "-1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]";

/// A log of three scans and images; tests write log.yaml as they like.
class LogMistakes : public testing::Test {
protected:
    LogMistakes() {
        for (const std::string name : {"0", "1", "2"}) {
            formats::write_pcd(folder_ / ("lidar/" + name + ".pcd"), test::line_of_points(4));
            formats::write_kitti_labels(folder_ / ("labels/" + name + ".label"),
                                        std::vector<std::uint32_t>{1, 2, 3, 4});
            test::write_image(folder_ / ("front/" + name + ".png"), 640, 480);
        }
    }

    /// @param lidar, cameras  more keys of those sections.
    void write(const std::string& lidar = "", const std::string& camera = "",
               const std::string& top = "") {
        test::write_bytes(folder_ / "log.yaml", "distillar-log: 1\n" + top +
                                                    "lidar:\n  scans: lidar/*.pcd\n" + lidar +
                                                    "cameras:\n  front: {images: front/*.png, " +
                                                    camera_keys + camera + "}\n");
    }
    std::string failure() {
        return error_of([&] { test::open(folder_.path(), "log")->read(0); });
    }
    void expect(const std::string& part) {
        const auto message = failure();
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
    fs::path add(const std::string& name, const std::string& text) {
        return test::write_bytes(folder_ / name, text);
    }

    test::TemporaryFolder folder_;
};

TEST_F(LogMistakes, InverseCalibrationsAreSuspected) {
    const auto pose = [](std::initializer_list<double> rows) {
        return geometry::pose_from_rows(std::vector<double>(rows), "pose");
    };
    const auto ahead = pose({0, -1, 0, 0.1, 0, 0, -1, 0.2, 1, 0, 0, 0.3, 0, 0, 0, 1});
    const auto left = pose({1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1});
    const auto portrait = pose({0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1});
    const auto on_its_head = pose({0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1});
    for (const auto& right : {ahead, left, portrait, on_its_head}) {
        EXPECT_FALSE(datasets::looks_inverse(right)) << right.matrix();
    }
    EXPECT_TRUE(datasets::looks_inverse(ahead.inverse()));
    EXPECT_TRUE(datasets::looks_inverse(left.inverse()));
}

}  // namespace

TEST_F(LogMistakes, APlainLogReads) {
    write();
    const auto log = test::open(folder_.path());
    ASSERT_EQ(log->size(), 3U);
    EXPECT_EQ(log->id(2), "2");
    EXPECT_EQ(view_of(log->read(2), "front").image, folder_ / "front/2.png");
    EXPECT_EQ(test::open(folder_ / "log.yaml")->size(), 3U);  // the file itself
}

TEST_F(LogMistakes, UnknownKeys) {
    write("  hight: 1.9\n");
    expect("did you mean 'height'");
    write("", ", intrinsic: 1");
    expect("did you mean 'intrinsics'");
    write("", "", "camera: 1\n");
    expect("did you mean 'cameras'");
    add("log.yaml", "distillar-log: 2\nlidar: {scans: lidar/*.pcd}\n");
    expect("version 2");
    add("log.yaml", "distillar-log: 1\n");
    expect("'lidar' is missing");
    add("log.yaml", "distillar-log: 1\nlidar: [a, b]\n");
    expect("mapping");
    add("log.yaml", "distillar-log: 1\nlidar: {scans: \"lidar/*.pcd\"\n");
    expect("line");
}

TEST_F(LogMistakes, CountsThatDisagree) {
    write();
    fs::remove(folder_ / "front/1.png");
    expect("2 images for 3 scans");
    write("", ", times: times.txt");
    add("times.txt", "1\n2\n3\n");
    expect("3 times for 2 images");
    write("  times: times.txt\n");
    add("times.txt", "1\n2\n");
    expect("2 times for 3 scans");
    add("log.yaml", "distillar-log: 1\nlidar: {scans: lidar/*.pcd}\nlabels: {files: labels/*}\n");
    fs::remove(folder_ / "labels/1.label");
    expect("2 label files for 3 scans");
}

TEST_F(LogMistakes, ThingsThatAreNotThere) {
    add("log.yaml", "distillar-log: 1\nlidar: {scans: lidr/*.pcd}\n");
    expect("lidr/*.pcd: no such file");
    add("log.yaml", "distillar-log: 1\nlidar: {scans: front/*.png}\n");
    expect("not a scan by its name");
    add("log.yaml", "distillar-log: 1\nlidar: {scans: l*/0.pcd}\n");
    expect("only in the file name");
    add("log.yaml", "distillar-log: 1\nlidar: {scans: lidar/*.pcd}\nlabels: {names: no.yaml}\n");
    expect("no.yaml is not there");
    add("names.yaml", "1: road\n");
    add("log.yaml", "distillar-log: 1\nlidar: {scans: lidar/*.pcd}\nlabels: {names: names.yaml}\n");
    expect("no field `label`");
    write();
    auto selection = select(folder_.path());
    selection.cameras = {"back"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("There are: front"),
              std::string::npos);
    selection = select(folder_.path());
    selection.sequences = {"0"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("no sequences"),
              std::string::npos);
    selection = select(folder_.path());
    selection.split = "train";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'train'"),
              std::string::npos);
    fs::remove(folder_ / "log.yaml");
    expect("no log.yaml");
}

TEST_F(LogMistakes, ValuesThatCannotBe) {
    write("  frame: z-forward\n");
    expect("'z-forward' is no frame");
    write("  frame: [[1, 0, 0], [0, 1, 0]]\n");
    expect("rows of 4 numbers");
    write("  frame: [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]\n");
    expect("not a rotation");
    write("  intensity: [255, 0]\n");
    expect("[lowest, highest]");
    for (const char* height : {".nan", "-1.6", "1600"}) {
        write(std::string("  height: ") + height + "\n");
        expect("metres above the road");
    }
    write("", ", border: {min_depth: -1}");
    expect("0 or more metres");
    write("", ", border: {strict: yes}");
    expect("unknown key");
    write("", ", pair_limit_ms: 0");
    expect("above 0");
    write("", ", distortion: [.inf, 0, 0, 0], model: opencv");
    expect("finite");
}

TEST_F(LogMistakes, LabelsOfAnotherLength) {
    add("log.yaml",
        "distillar-log: 1\nlidar: {scans: lidar/*.pcd}\nlabels: {files: labels/*.label}\n");
    EXPECT_EQ(test::open(folder_.path())->read(0).labels, (std::vector<std::uint32_t>{1, 2, 3, 4}));
    formats::write_kitti_labels(folder_ / "labels/0.label", std::vector<std::uint32_t>{1, 2, 3});
    expect("0.label");
}

TEST_F(LogMistakes, NoFinitePoint) {
    auto cloud = test::line_of_points(3);
    cloud.points.col(2).setConstant(std::numeric_limits<double>::quiet_NaN());
    formats::write_pcd(folder_ / "lidar/0.pcd", cloud);
    write();
    expect("lidar/0.pcd: not one finite point");
}

TEST_F(LogMistakes, NearestTimeWithinALimit) {
    add("scan_times.txt", "# seconds\n10.0\n10.1\n10.5\n");
    add("image_times.txt", "10.02\n10.06\n10.13\n");
    write("  times: scan_times.txt\n", ", times: image_times.txt");
    const auto image_of = [&](std::size_t scan) {
        const auto frame = test::open(folder_.path())->read(scan);
        return frame.views.empty() ? "" : frame.views[0].image.filename().string();
    };
    EXPECT_EQ(image_of(0), "0.png");
    EXPECT_EQ(image_of(1), "2.png");
    EXPECT_EQ(image_of(2), "");  // 370 ms away
    auto selection = select(folder_.path());
    selection.cameras = {"front"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection)->read(2); }).find("100 ms"),
              std::string::npos);
    write("  times: scan_times.txt\n", ", times: image_times.txt", "pair_limit_ms: 400\n");
    EXPECT_EQ(image_of(2), "2.png");
    write("  times: scan_times.txt\n", ", times: image_times.txt, pair_limit_ms: 10");
    EXPECT_EQ(image_of(0), "");
}

TEST_F(LogMistakes, MotionBetweenScanAndImageIsCompensated) {
    // 10 m/s forward: at the image, 20 ms later, a point is 0.2 m nearer to the camera.
    add("scan_times.txt", "10.0\n10.1\n10.2\n");
    add("image_times.txt", "10.02\n10.12\n10.22\n");
    add("kitti.txt", "1 0 0 5 0 1 0 0 0 0 1 0\n1 0 0 6 0 1 0 0 0 0 1 0\n1 0 0 7 0 1 0 0 0 0 1 0\n");
    add("tum.txt", "# time x y z qx qy qz qw\n9.9 4 0 0 0 0 0 1\n10.3 8 0 0 0 0 0 1\n");
    for (const std::string poses : {"kitti.txt", "tum.txt"}) {
        write("  times: scan_times.txt\n  poses: " + poses + "\n", ", times: image_times.txt");
        const auto log = test::open(folder_.path());
        for (std::size_t scan = 0; scan < 3; ++scan) {  // the last lies beyond KITTI's last pose
            const auto view = view_of(log->read(scan), "front");
            EXPECT_NEAR(view.T_camera_lidar.translation().z(), -0.2, 1e-9) << poses << scan;
        }
    }
    write("  times: scan_times.txt\n  poses: kitti.txt\n");  // no image times: nothing to do
    EXPECT_EQ(view_of(test::open(folder_.path())->read(0), "front").T_camera_lidar(2, 3), 0);
}

TEST_F(LogMistakes, BrokenPosesAndTimes) {
    add("times.txt", "10.0\n10.1\n10.2\n");
    write("  times: times.txt\n  poses: poses.txt\n", ", times: times.txt");
    add("poses.txt", "1 0 0 5 0 1 0 0 0 0 1 0\n");
    expect("1 poses for 3 scans");
    add("poses.txt", "1 0 0 5\n");
    expect("line 1: 4 numbers");
    add("poses.txt", "10 0 0 0 0 0 0 1\n9 0 0 0 0 0 0 1\n");
    expect("line 2: the time 9");
    add("poses.txt", "10 0 0 0 0 0 0 0\n11 0 0 0 0 0 0 1\n");
    expect("line 1");
    add("poses.txt", "0 0 0 0 0 0 0 1\n1 0 0 0 0 0 0 1\n");
    expect("none near 10 s");
    add("poses.txt", "1 0 0 nan 0 1 0 0 0 0 1 0\n");
    expect("not a finite number");
    add("times.txt", "10.0\n10.0\n10.2\n");
    expect("line 2");
    add("times.txt", "10.0 10.1 10.2\n");
    expect("one time in seconds a line");
}

TEST(Trajectory, TurnsEvenly) {
    const test::TemporaryFolder folder;
    const double half = std::sqrt(0.5);  // a quarter turn about z
    const auto file = test::write_bytes(
        folder / "tum.txt", fmt::format("0 0 0 0 0 0 0 1\n2 4 0 0 0 0 {} {}\n", half, half));
    const datasets::Trajectory trajectory(file, {}, 7);
    ASSERT_TRUE(trajectory.usable());
    const auto pose = trajectory.at(1);
    EXPECT_NEAR(pose.translation().x(), 2, 1e-12);
    EXPECT_NEAR(Eigen::AngleAxisd(pose.linear()).angle(), M_PI / 4, 1e-12);
    EXPECT_NEAR(Eigen::AngleAxisd(trajectory.at(3).linear()).angle(), 3 * M_PI / 4, 1e-12);
    EXPECT_NEAR(trajectory.at(-1).translation().x(), -2, 1e-12);
    EXPECT_TRUE(trajectory.find(4));
    EXPECT_FALSE(trajectory.find(4.5));
    EXPECT_NE(error_of([&] { trajectory.at(4.5); }).find("none near 4.5 s"), std::string::npos);
    EXPECT_FALSE(datasets::Trajectory().find(0));
}
