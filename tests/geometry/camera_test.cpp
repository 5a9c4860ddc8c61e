#include "geometry/camera.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "geometry/distortion.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;

Camera camera_of(CameraModel model) {
    return {.model = model,
            .width = 640,
            .height = 480,
            .fx = 100,
            .fy = 200,
            .cx = 320,
            .cy = 240,
            .distortion = {}};
}

/// Projects points that are given in the camera frame.
std::vector<PointPixel> project_rows(const std::vector<Eigen::Vector3d>& rows, const Camera& camera,
                                     const BorderRule& rule = {}) {
    Points points(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        points.row(static_cast<Eigen::Index>(i)) = rows[i].transpose();
    }
    return project(points, camera, Pose::Identity(), rule);
}

TEST(Project, PinholeByHand) {
    // u = 100 * 1 / 4 + 320 = 345, v = 200 * -2.01 / 4 + 240 = 139.5
    const auto pairs = project_rows({{1, -2.01, 4}}, camera_of(CameraModel::pinhole));
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_EQ(pairs[0].point, 0U);
    EXPECT_EQ(pairs[0].column, 345);
    EXPECT_EQ(pairs[0].row, 139);
    EXPECT_FLOAT_EQ(pairs[0].u, 345);
    EXPECT_FLOAT_EQ(pairs[0].v, 139.5F);
}

TEST(Project, LidarFrameGoesThroughTheExtrinsics) {
    // Lidar x forward, y left, z up; the camera looks along x from 1 m behind the lidar.
    const Pose T_camera_lidar =
        pose_from_rows({0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 1}, "T_camera_lidar");
    Points points(2, 3);
    points << 3, -1, 0.5, -9, 0, 0;  // 3 m ahead, 1 m right, half a metre up; and one behind
    const auto pairs = project(points, camera_of(CameraModel::pinhole), T_camera_lidar);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_FLOAT_EQ(pairs[0].u, 345);
    EXPECT_FLOAT_EQ(pairs[0].v, 215);
}

TEST(Project, OpencvRadialTangentialByHand) {
    Camera camera = camera_of(CameraModel::opencv);
    camera.distortion = {0.1, 0.01, 0.002, 0.003, 0.001};
    // a = 0.5, b = -0.25, s = 0.3125: radial = 1 + 0.03125 + 0.0009765625 + 0.000030517578125
    const double radial = 1.032257080078125;
    const double x = 0.5 * radial + 2 * 0.002 * 0.5 * -0.25 + 0.003 * (0.3125 + 2 * 0.25);
    const double y = -0.25 * radial + 0.002 * (0.3125 + 2 * 0.0625) + 2 * 0.003 * 0.5 * -0.25;
    const auto pairs = project_rows({{1, -0.5, 2}}, camera);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_FLOAT_EQ(pairs[0].u, static_cast<float>(100 * x + 320));
    EXPECT_FLOAT_EQ(pairs[0].v, static_cast<float>(200 * y + 240));
}

TEST(Project, OpencvWithoutCoefficientsIsAPinhole) {
    const std::vector<Eigen::Vector3d> rows{{1, -0.5, 2}, {-3, 1, 4}, {0, 0, 5}};
    const auto pinhole = project_rows(rows, camera_of(CameraModel::pinhole));
    const auto opencv = project_rows(rows, camera_of(CameraModel::opencv));
    ASSERT_EQ(pinhole.size(), 3U);
    ASSERT_EQ(opencv.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(pinhole[i].u, opencv[i].u);
        EXPECT_EQ(pinhole[i].v, opencv[i].v);
    }
}

TEST(Project, FisheyeIsEquidistant) {
    Camera camera = camera_of(CameraModel::fisheye);
    // 45 degrees to the right: u = 100 * pi/4 + 320; straight ahead: the principal point.
    const auto pairs = project_rows({{2, 0, 2}, {0, 0, 3}}, camera);
    ASSERT_EQ(pairs.size(), 2U);
    EXPECT_FLOAT_EQ(pairs[0].u, static_cast<float>(100 * std::numbers::pi / 4 + 320));
    EXPECT_FLOAT_EQ(pairs[0].v, 240);
    EXPECT_FLOAT_EQ(pairs[1].u, 320);
    EXPECT_FLOAT_EQ(pairs[1].v, 240);
    camera.distortion = {0.1, -0.02, 0.003, -0.0004, 0};
    const double t = std::numbers::pi * std::numbers::pi / 16;
    const double theta = std::numbers::pi / 4 *
                         (1 + 0.1 * t - 0.02 * t * t + 0.003 * t * t * t - 0.0004 * t * t * t * t);
    const auto distorted = project_rows({{2, 0, 2}}, camera);
    ASSERT_EQ(distorted.size(), 1U);
    EXPECT_FLOAT_EQ(distorted[0].u, static_cast<float>(100 * theta + 320));
}

TEST(Project, FisheyeSeesBehindTheImagePlaneIfDepthAllows) {
    Camera camera = camera_of(CameraModel::fisheye);
    const std::vector<Eigen::Vector3d> behind{{2, 0, -0.5}};
    EXPECT_TRUE(project_rows(behind, camera).empty());
    BorderRule rule;
    rule.min_depth = -100;
    const auto pairs = project_rows(behind, camera, rule);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_FLOAT_EQ(pairs[0].u, static_cast<float>(100 * std::atan2(2, -0.5) + 320));
    EXPECT_TRUE(project_rows(behind, camera_of(CameraModel::pinhole), rule).empty());
    EXPECT_TRUE(project_rows(behind, camera_of(CameraModel::opencv), rule).empty());
}

TEST(Project, PointsBeyondTheFoldAreNotVisible) {
    Camera camera = camera_of(CameraModel::opencv);
    camera.distortion = {-0.3, 0, 0, 0, 0};
    // r (1 - 0.3 r^2) grows until r^2 = 1 / 0.9; at r = 1.5 it comes back to 0.49: inside the
    // image.
    EXPECT_EQ(project_rows({{1.0, 0, 1.01}}, camera).size(), 1U);
    EXPECT_TRUE(project_rows({{1.5 * 2, 0, 2}}, camera).empty());
    Camera fisheye = camera_of(CameraModel::fisheye);
    fisheye.distortion = {-0.3, 0, 0, 0, 0};
    BorderRule rule;
    rule.min_depth = -100;
    EXPECT_EQ(project_rows({{1, 0, 1}}, fisheye, rule).size(), 1U);
    EXPECT_TRUE(project_rows({{1, 0, 0}}, fisheye, rule).empty());  // theta^2 = 2.5 > 1 / 0.9
}

TEST(Distortion, FindsTheFirstDescent) {
    EXPECT_NEAR(first_descent_below_zero({1, -0.9}, 1e8), 1 / 0.9, 1e-12);
    // (1 - s/2)(1 - s/3)(1 - s/5): zeros 2, 3, 5.
    EXPECT_NEAR(first_descent_below_zero({1, -31.0 / 30, 1.0 / 3, -1.0 / 30}, 1e8), 2, 1e-9);
    EXPECT_EQ(first_descent_below_zero({1, 0.2, 0.1, 0}, 1e8), 1e8);
    EXPECT_EQ(first_descent_below_zero({1, 0, 0, 0, 0}, 9), 9);
    // Touches zero at s = 1 without crossing, then never again.
    EXPECT_EQ(first_descent_below_zero({1, -2, 1}, 1e8), 1e8);
    // Crosses beyond the limit.
    EXPECT_EQ(first_descent_below_zero({1, -0.01}, 50), 50);
}

TEST(Project, BorderRules) {
    Camera camera = camera_of(CameraModel::pinhole);
    camera.fx = camera.fy = 1;
    camera.cx = camera.cy = 0;
    const auto visible = [&](double u, double v, bool inclusive) {
        BorderRule rule;
        rule.inclusive = inclusive;
        return !project_rows({{2 * u, 2 * v, 2}}, camera, rule).empty();
    };
    for (const bool inclusive : {false, true}) {
        EXPECT_TRUE(visible(0.5, 0.5, inclusive));
        EXPECT_TRUE(visible(638.5, 478.5, inclusive));
        EXPECT_EQ(visible(0, 5, inclusive), inclusive);
        EXPECT_EQ(visible(5, 0, inclusive), inclusive);
        EXPECT_EQ(visible(639, 5, inclusive), inclusive);
        EXPECT_EQ(visible(639.5, 5, inclusive), inclusive);
        EXPECT_EQ(visible(5, 479, inclusive), inclusive);
        EXPECT_FALSE(visible(640, 5, inclusive));
        EXPECT_FALSE(visible(5, 480, inclusive));
        EXPECT_FALSE(visible(-0.001, 5, inclusive));
        EXPECT_FALSE(visible(5, -0.001, inclusive));
    }
}

TEST(Project, DepthRules) {
    const Camera camera = camera_of(CameraModel::pinhole);
    EXPECT_TRUE(project_rows({{0, 0, 1}}, camera).empty());  // exclusive
    EXPECT_EQ(project_rows({{0, 0, 1.001}}, camera).size(), 1U);
    EXPECT_TRUE(project_rows({{0, 0, -5}}, camera).empty());
    BorderRule lidar;
    lidar.depth = BorderRule::Depth::lidar_x;
    EXPECT_TRUE(project_rows({{0.9, 0, 5}}, camera, lidar).empty());
    EXPECT_EQ(project_rows({{1.1, 0, 0.9}}, camera, lidar).size(), 1U);
    EXPECT_TRUE(project_rows({{1.1, 0, -0.9}}, camera, lidar).empty());
    EXPECT_TRUE(project_rows({{1.1, 0, 0}}, camera, lidar).empty());
}

TEST(Project, SkipsPointsThatAreNotFiniteAndKeepsRowNumbers) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    const auto pairs = project_rows({{nan, 0, 5}, {0, 0, infinity}, {0, 0, 5}, {1e300, 0, 1e300}},
                                    camera_of(CameraModel::pinhole));
    ASSERT_EQ(pairs.size(), 2U);
    EXPECT_EQ(pairs[0].point, 2U);
    EXPECT_EQ(pairs[1].point, 3U);
}

TEST(Project, NeedsFloat64) {
    // 1 mm beside a pixel border, 50 km from the origin, as PandaSet's world coordinates can be.
    const Pose pose = pose_from_rows({1, 0, 0, -50000, 0, 1, 0, 0, 0, 0, 1, 0}, "T");
    Points points(1, 3);
    points << 50000.3999, 0, 10;
    const auto pairs = project(points, camera_of(CameraModel::pinhole), pose);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_EQ(pairs[0].column, 323);  // 323.999; in float32 the point rounds to 50000.3984 or .4023
    EXPECT_NEAR(pairs[0].u, 323.999, 1e-4);
}

TEST(Project, RefusesUnusableCameras) {
    const auto error_with = [](auto&& change) {
        Camera camera = camera_of(CameraModel::opencv);
        change(camera);
        return error_of([&] { project_rows({{0, 0, 5}}, camera); });
    };
    EXPECT_NE(error_with([](Camera& c) { c.width = 0; }).find("image size 0 x 480"),
              std::string::npos);
    EXPECT_NE(error_with([](Camera& c) { c.fx = 0; }).find("fx 0"), std::string::npos);
    EXPECT_NE(error_with([](Camera& c) { c.fy = -1; }).find("fy -1"), std::string::npos);
    EXPECT_NE(error_with([](Camera& c) { c.cx = NAN; }).find("finite"), std::string::npos);
    EXPECT_NE(error_with([](Camera& c) { c.distortion[2] = INFINITY; }).find("distortion"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::geometry
