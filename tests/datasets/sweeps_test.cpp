/// The cameras of neighbouring sweeps: where they look, which are left out, what people forget.
#include "datasets/sweeps.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "formats/pcd.hpp"
#include "frames.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;

using datasets::CameraView;
using datasets::Mixture;
using datasets::neighbour_views;
using datasets::require_sweeps;
using datasets::Sweeps;
using test::error_of;
using test::select;

using Names = std::vector<std::string>;

Names names_of(const std::vector<CameraView>& views) {
    Names names;
    for (const auto& view : views) {
        names.push_back(view.name);
    }
    return names;
}

/// A log of four scans of a vehicle in a bend, in y-forward axes; the images come 50 ms later.
class SweepsOfALog : public testing::Test {
protected:
    SweepsOfALog() {
        std::string poses;
        for (int i = 0; i < 4; ++i) {
            const std::string name = std::to_string(i);
            formats::write_pcd(folder_ / ("lidar/" + name + ".pcd"), test::line_of_points(4));
            test::write_image(folder_ / ("front/" + name + ".png"), 640, 480);
            const double turn = 0.1 * i;
            poses += fmt::format("{0} {1} 0 {3} {2} {0} 0 {4} 0 0 1 0.1\n", std::cos(turn),
                                 -std::sin(turn), std::sin(turn), 500 + 3 * i, -200 + i * i);
        }
        add("poses.txt", poses);
        add("scans.txt", "10.0\n10.5\n11.0\n12.0\n");
        add("images.txt", "10.05\n10.55\n11.05\n12.05\n");
        write("  times: scans.txt\n  poses: poses.txt\n");
    }

    void add(const std::string& name, const std::string& text) {
        test::write_bytes(folder_ / name, text);
    }
    void write(const std::string& lidar) {
        add("log.yaml", "distillar-log: 1\nlidar:\n  scans: lidar/*.pcd\n  frame: y-forward\n" +
                            lidar +
                            "cameras:\n  front: {images: front/*.png, times: images.txt, "
                            "intrinsics: [320, 320, 320, 240], T_camera_lidar: "
                            "[[1, 0, 0, 0.2], [0, 0, -1, 0.3], [0, 1, 0, 0], [0, 0, 0, 1]]}\n");
    }
    Mixture mixture() const { return Mixture({select(folder_.path(), "log")}); }
    std::string shortage() const {
        const Mixture log = mixture();
        return error_of([&] { require_sweeps(log, {1, 1}); });
    }

    test::TemporaryFolder folder_;
};

/// A point of the world in a frame's own coordinates.
geometry::Points in_frame(const Eigen::Vector3d& world, const datasets::Frame& frame) {
    return (frame.T_world_frame->inverse() * world).transpose();
}

/// @param view  a neighbour's, from the coordinates of `frame`.
void expect_same_pixel(const Eigen::Vector3d& world, const datasets::Frame& frame,
                       const CameraView& view, const datasets::Frame& neighbour,
                       const CameraView& own) {
    EXPECT_EQ(view.image, own.image);
    const auto here =
        geometry::project(in_frame(world, frame), view.camera, view.T_camera_lidar, view.border);
    const auto there =
        geometry::project(in_frame(world, neighbour), own.camera, own.T_camera_lidar, own.border);
    ASSERT_EQ(here.size(), 1U);
    ASSERT_EQ(there.size(), 1U);
    EXPECT_NEAR(here[0].u, there[0].u, 1e-3);
    EXPECT_NEAR(here[0].v, there[0].v, 1e-3);
}

TEST_F(SweepsOfALog, AStaticPointIsWhereTheNeighbourSawIt) {
    for (const bool published : {false, true}) {
        auto selection = select(folder_.path(), "log");
        selection.published_frame = published;
        const Mixture mixture({selection});
        const auto frame = mixture.read(1);
        const auto views = neighbour_views(mixture, 1, {1, 1});
        ASSERT_EQ(names_of(views), (Names{"front-1", "front+1"}));
        EXPECT_DOUBLE_EQ(views[0].offset, -0.5);
        EXPECT_DOUBLE_EQ(views[1].offset, 0.5);
        EXPECT_EQ(frame->views[0].offset, 0);
        const Eigen::Vector3d world(505, -180, 1);  // some 20 m ahead
        expect_same_pixel(world, *frame, views[0], *mixture.read(0), mixture.read(0)->views[0]);
        expect_same_pixel(world, *frame, views[1], *mixture.read(2), mixture.read(2)->views[0]);
        EXPECT_FALSE(views[0].T_camera_lidar.isApprox(frame->views[0].T_camera_lidar, 1e-3));
    }
}

TEST_F(SweepsOfALog, ViewsBeyondTheLimitAreLeftOut) {
    const Mixture log = mixture();
    EXPECT_EQ(names_of(neighbour_views(log, 2, {2, 1})), Names{"front-1"});
    EXPECT_EQ(names_of(neighbour_views(log, 2, {2, 1, 1.0})),
              (Names{"front-2", "front-1", "front+1"}));
    EXPECT_TRUE(neighbour_views(log, 3, {2, 2}).empty());  // a second after the one before
    EXPECT_EQ(names_of(neighbour_views(log, 0, {2, 2})), Names{"front+1"});
    EXPECT_EQ(names_of(neighbour_views(log, 3, {9, 9, 100})),
              (Names{"front-3", "front-2", "front-1"}));
}

TEST_F(SweepsOfALog, NothingIsReadInVain) {
    const Mixture log = mixture();
    fs::remove_all(folder_ / "lidar");
    EXPECT_TRUE(neighbour_views(log, 1, {0, 0}).empty());
    EXPECT_TRUE(neighbour_views(log, 1, {1, 1, 0.4}).empty());
    require_sweeps(log, {1, 0});
    require_sweeps(log, {0, 0});
    EXPECT_NE(error_of([&] { neighbour_views(log, 1, {1, 0}); }).find("0.pcd"), std::string::npos);
}

TEST_F(SweepsOfALog, AnotherPartIsNoNeighbour) {
    const auto selection = select(folder_.path(), "log");
    const Mixture twice({selection, selection});
    EXPECT_EQ(names_of(neighbour_views(twice, 3, {1, 1, 1.5})), Names{"front-1"});
    EXPECT_EQ(names_of(neighbour_views(twice, 4, {1, 1, 1.5})), Names{"front+1"});
}

TEST_F(SweepsOfALog, WhatIsMissingIsNamed) {
    write("  times: scans.txt\n");
    auto message = shortage();
    EXPECT_NE(message.find("no pose;"), std::string::npos) << message;
    EXPECT_NE(message.find(folder_.path().string()), std::string::npos) << message;
    EXPECT_NE(message.find("`poses` and `times` of `lidar` in log.yaml"), std::string::npos);
    EXPECT_TRUE(neighbour_views(mixture(), 1, {1, 1}).empty());
    write("");
    EXPECT_NE(shortage().find("no pose and no time;"), std::string::npos) << shortage();
    const Mixture scans({select(folder_ / "lidar", "folder")});
    message = error_of([&] { require_sweeps(scans, {1, 1}); });
    EXPECT_NE(message.find("another format than folder"), std::string::npos) << message;
}

TEST_F(SweepsOfALog, ANearestDistanceBeyondTheLimitIsNamed) {
    const Mixture log = mixture();
    const auto message = error_of([&] { require_sweeps(log, {1, 1, 0.2}); });
    EXPECT_NE(message.find("0.5 s apart"), std::string::npos) << message;
    EXPECT_NE(message.find("`fuse.sweeps.limit` is 0.2 s"), std::string::npos) << message;
    auto selection = select(folder_.path(), "log");
    selection.frames = "1";
    const Mixture one({selection});
    EXPECT_NE(error_of([&] {
                  require_sweeps(one, {1, 1});
              }).find("no two frames side by side"),
              std::string::npos);
}

TEST(Sweeps, OfPandaSet) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    selection.labels = false;
    const Mixture mixture({selection});  // 001/00, 001/03, 002/00, 002/05, ...
    require_sweeps(mixture, {1, 1});
    EXPECT_TRUE(neighbour_views(mixture, 0, {1, 1}).empty());  // 001 has no times
    const auto first = neighbour_views(mixture, 2, {1, 1});
    ASSERT_EQ(first.size(), 6U);  // only those after
    const auto frame = mixture.read(9);
    const auto views = neighbour_views(mixture, 9, {1, 1});
    ASSERT_EQ(views.size(), 12U);
    const auto after = mixture.read(10);
    const auto own = test::view_of(*after, "front_camera");
    const Eigen::Vector3d world = *after->T_world_frame * Eigen::Vector3d(20, 1, 0.5);
    for (const auto& view : views) {
        EXPECT_NEAR(std::abs(view.offset), 0.5, 0.001) << view.name;
        if (view.name == "front_camera+1") {
            expect_same_pixel(world, *frame, view, *after, own);
            // The scan lies in that image as its own scan does.
            EXPECT_GT(test::points_in(*frame, view), test::points_in(*after, own) * 9 / 10);
        }
    }
    selection.frames = "0:80:10";
    selection.sequences = {"002"};
    const Mixture sparse({selection});
    EXPECT_NE(error_of([&] {
                  require_sweeps(sparse, {1, 1});
              }).find("1 s apart"),
              std::string::npos);
    const Mixture timeless({select(data / "pandaset/001")});
    const auto message = error_of([&] { require_sweeps(timeless, {1, 1}); });
    EXPECT_NE(message.find("no time; "), std::string::npos) << message;
    EXPECT_NE(message.find("meta/timestamps.json"), std::string::npos) << message;
}

}  // namespace
}  // namespace distillar
