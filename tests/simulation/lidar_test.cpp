#include "simulation/sensors/lidar.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/thread_pool.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector3f;

namespace {

constexpr double pi = std::numbers::pi;

/// Four beams, one turn clockwise from behind in 360 columns; no noise, nothing gets lost.
LidarModel plain_model() {
    LidarModel model;
    model.name = "plain";
    model.columns = 360;
    model.period = 0.1;
    model.column_time = model.period / model.columns;
    model.begin_time = -0.05;
    model.azimuth_begin = pi;
    model.azimuth_step = -2 * pi / model.columns;
    const float elevations[] = {0.1F, -0.05F, -0.2F, -0.4F};
    for (std::uint16_t ring = 0; ring < 4; ++ring) {
        model.beams.push_back({elevations[ring], 0, 0, 0, ring});
    }
    model.min_range = 0.1F;
    model.max_range = 500;
    model.range_noise = 0;
    model.dark_range = 5000;
    model.intensity_scale = 100;
    model.intensity_max = 1000;
    model.steady_range = 5000;
    return model;
}

const Surface concrete{Material::concrete, Category::building, 0};
const Surface asphalt{Material::asphalt, Category::road, 0};

void add_ground(Mesh& mesh, float height, float size = 2000) {
    add_quad(mesh,
             {Vector3f(-size, -size, height), Vector3f(size, -size, height),
              Vector3f(size, size, height), Vector3f(-size, size, height)},
             asphalt);
}

Placement placement_of(Mesh mesh) {
    Placement placement;
    placement.shape = std::make_shared<const Shape>(std::move(mesh));
    return placement;
}

/// A pane across the x axis at `x`, 40 m wide and high, seen from the origin.
Mesh wall_at(float x, const Surface& surface) {
    Mesh mesh;
    add_quad(
        mesh,
        {Vector3f(x, 20, -20), Vector3f(x, -20, -20), Vector3f(x, -20, 20), Vector3f(x, 20, 20)},
        surface);
    return mesh;
}

Sweep standing(const Eigen::Vector3d& at = Eigen::Vector3d::Zero()) {
    Sweep sweep;
    sweep.scene_begin = -0.1;
    sweep.scene_end = 0.1;
    sweep.pose = [at](double) {
        geometry::Pose pose = geometry::Pose::Identity();
        pose.translation() = at;
        return pose;
    };
    return sweep;
}

double azimuth_of(const LidarScan& scan, Eigen::Index row) {
    return std::atan2(scan.points(row, 1), scan.points(row, 0));
}

Eigen::Index rows_of(const LidarScan& scan) {
    return scan.points.rows();
}

}  // namespace

TEST(Lidar, MeasuresTheGroundWhereItIs) {
    Mesh ground;
    add_ground(ground, 0);
    const Scene scene({placement_of(std::move(ground))});
    const LidarModel model = plain_model();
    const auto scan = simulation::scan(scene, model, standing({3, -4, 2}), 1, 0);

    ASSERT_EQ(rows_of(scan), 3 * 360);  // the beam that looks up sees nothing
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const auto row = static_cast<std::size_t>(i);
        const float elevation = model.beams[scan.ring[row]].elevation;
        EXPECT_NEAR(scan.points(i, 2), -2, 1e-4);
        EXPECT_NEAR(scan.points.row(i).norm(), 2 / std::sin(-elevation), 2e-3);
        EXPECT_EQ(scan.category[row], Category::road);
        // It looks ahead at the frame's time and turns clockwise.
        EXPECT_NEAR(std::remainder(azimuth_of(scan, i) + 2 * pi * scan.time[row] / 0.1, 2 * pi), 0,
                    1e-5);
    }
    EXPECT_EQ(scan.ring[0], 1);
    EXPECT_EQ(scan.ring[1], 2);
    EXPECT_FLOAT_EQ(scan.time[0], -0.05F);
    EXPECT_TRUE(std::is_sorted(scan.time.begin(), scan.time.end()));
    EXPECT_EQ(scan.T_world_lidar.translation(), Eigen::Vector3d(3, -4, 2));
}

TEST(Lidar, SeesAllWallsOfARoom) {
    Mesh room;
    add_box(room, Vector3f::Zero(), Vector3f(20, 10, 40), concrete);
    const Scene scene({placement_of(std::move(room))});
    const auto scan = simulation::scan(scene, plain_model(), standing(), 1, 0);
    ASSERT_EQ(rows_of(scan), 4 * 360);
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const double x = std::abs(scan.points(i, 0)), y = std::abs(scan.points(i, 1));
        EXPECT_NEAR(std::max(x / 10, y / 5), 1, 1e-4) << x << " " << y;
    }
}

TEST(Lidar, NoiseHasTheSizeThatTheModelSays) {
    Mesh ground;
    add_ground(ground, -2);
    const Scene scene({placement_of(std::move(ground))});
    LidarModel model = plain_model();
    model.range_noise = 0.03F;
    const auto scan = simulation::scan(scene, model, standing(), 1, 0);
    double sum = 0, squares = 0;
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const float elevation = model.beams[scan.ring[static_cast<std::size_t>(i)]].elevation;
        const double error = scan.points.row(i).norm() - 2 / std::sin(-elevation);
        sum += error;
        squares += error * error;
    }
    const auto count = static_cast<double>(rows_of(scan));
    EXPECT_NEAR(sum / count, 0, 0.003);
    EXPECT_NEAR(std::sqrt(squares / count), 0.03, 0.002);
}

TEST(Lidar, TheBeamsStartAtTheirHeight) {
    Mesh ground;
    add_ground(ground, -2);
    const Scene scene({placement_of(std::move(ground))});
    LidarModel model = plain_model();
    model.beams = {{-0.2F, 0, 0.5F, 0, 0}};
    const auto scan = simulation::scan(scene, model, standing(), 1, 0);
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        EXPECT_NEAR(scan.points(i, 2), -2, 1e-4);
        EXPECT_NEAR(scan.points.row(i).head<2>().norm(), 2.5 / std::tan(0.2), 2e-3);
    }
}

TEST(Lidar, MotionDistortsAndDeskewingMends) {
    Mesh mesh = wall_at(40, concrete);
    const Scene scene({placement_of(std::move(mesh))});
    Sweep sweep = standing();
    sweep.pose = [](double time) {  // 20 m/s ahead, turning left at 30 degrees a second
        geometry::Pose pose = geometry::Pose::Identity();
        pose.translation() = Eigen::Vector3d(20 * time, 0, 0);
        pose.linear() =
            Eigen::AngleAxisd(pi / 6 * time, Eigen::Vector3d::UnitZ()).toRotationMatrix();
        return pose;
    };
    LidarModel model = plain_model();
    for (std::size_t i = 0; i < model.beams.size(); ++i) {
        model.beams[i].delay = static_cast<float>(i) * 5e-5F;
    }
    const auto scan = simulation::scan(scene, model, sweep, 1, 0);
    ASSERT_GT(rows_of(scan), 150);
    double distortion = 0;
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const double time = static_cast<double>(scan.time[static_cast<std::size_t>(i)]);
        const Eigen::Vector3d point = scan.points.row(i).transpose();
        EXPECT_NEAR((sweep.pose(time) * point).x(), 40, 1e-3);
        distortion = std::max(distortion, std::abs(point.x() - 40));
    }
    EXPECT_GT(distortion, 0.1);
    const auto points = deskewed(scan, sweep);  // the sensor stands at the origin at time 0
    EXPECT_NEAR((points.col(0).array() - 40).abs().maxCoeff(), 0, 1e-3);
}

TEST(Lidar, MovingThingsAreSeenWhereTheyAreWhenTheBeamPasses) {
    Placement wall = placement_of(wall_at(30, concrete));
    wall.moving = true;
    wall.instance = 7;
    wall.end.translation() = Vector3f(10, 0, 0);  // over 0.2 s: 50 m/s
    const Scene scene({wall});
    const auto scan = simulation::scan(scene, plain_model(), standing(), 1, 0);
    ASSERT_GT(rows_of(scan), 100);
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const auto row = static_cast<std::size_t>(i);
        EXPECT_NEAR(scan.points(i, 0), 35 + 50 * static_cast<double>(scan.time[row]), 1e-2);
        EXPECT_EQ(scan.moving[row], 1);
        EXPECT_EQ(scan.instance[row], 7U);
    }
}

TEST(Lidar, LightPassesGlass) {
    const Surface pane{Material::car_glass, Category::car, 0};
    const Scene scene({placement_of(wall_at(10, pane)), placement_of(wall_at(25, concrete))});
    LidarModel model = plain_model();
    model.columns = 3600;
    model.azimuth_step = -2 * pi / model.columns;
    const auto scan = simulation::scan(scene, model, standing(), 1, 0);
    double shots = 0, on_glass = 0, behind = 0;
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const auto row = static_cast<std::size_t>(i);
        if (std::abs(azimuth_of(scan, i)) < 0.6) {  // the far wall is as wide as its window
            on_glass += scan.category[row] == Category::car ? 1 : 0;
            behind += scan.category[row] == Category::building ? 1 : 0;
        }
    }
    shots = 4 * 3600 * 1.2 / (2 * pi);
    EXPECT_NEAR(on_glass / shots, 0.3, 0.03);  // Appearance::transmission 0.7
    EXPECT_NEAR(behind / shots, 0.35, 0.03);   // half of the others is mirrored away
}

TEST(Lidar, DarkFarSurfacesAreLost) {
    Mesh ground;
    add_ground(ground, -2);
    const Scene scene({placement_of(std::move(ground))});
    LidarModel model = plain_model();
    model.dark_range = 12;  // asphalt, 4.9 m to 40 m away at three angles
    const auto scan = simulation::scan(scene, model, standing(), 1, 0);
    std::array<int, 4> count{};
    for (const auto ring : scan.ring) {
        ++count[ring];
    }
    EXPECT_EQ(count[0], 0);
    EXPECT_LT(count[1], 4);
    EXPECT_GT(count[2], 36);
    EXPECT_LT(count[2], 324);
    EXPECT_GT(count[3], 350);
}

TEST(Lidar, KeepsRowsOfShotsWithoutAnEcho) {
    Mesh mesh = wall_at(10, concrete);
    const Scene scene({placement_of(std::move(mesh))});
    LidarModel model = plain_model();
    model.keep_missing = true;
    const auto scan = simulation::scan(scene, model, standing(), 1, 0);
    ASSERT_EQ(rows_of(scan), 4 * 360);
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const auto row = static_cast<std::size_t>(i);
        EXPECT_EQ(scan.ring[row], row % 4);
        const bool missing = scan.points.row(i).isZero(0);
        EXPECT_EQ(scan.category[row], missing ? Category::unlabelled : Category::building);
    }
}

TEST(Lidar, TheVehicleStandsInTheWay) {
    Mesh ground;
    add_ground(ground, -2);
    const Scene scene({placement_of(std::move(ground))});
    LidarModel model = plain_model();
    model.bodies = {{static_cast<float>(pi - 0.5), static_cast<float>(pi + 0.5), -0.1F, 0, 0},
                    {-0.5F, 0.5F, -0.3F, 0.7F, 0.9F}};
    const auto scan = simulation::scan(scene, model, standing(), 1, 0);
    int own = 0;
    for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
        const auto row = static_cast<std::size_t>(i);
        const double azimuth = azimuth_of(scan, i);
        EXPECT_FALSE(std::abs(azimuth) > pi - 0.49 && scan.ring[row] >= 2);
        if (scan.points.row(i).norm() < 1) {
            ++own;
            EXPECT_EQ(scan.ring[row], 3);
            EXPECT_LT(std::abs(azimuth), 0.51);
            EXPECT_EQ(scan.category[row], Category::unlabelled);
        }
    }
    EXPECT_EQ(own, 57);  // 1 radian
}

TEST(Lidar, RowsMayStandRingByRing) {
    Mesh ground;
    add_ground(ground, -2);
    const Scene scene({placement_of(std::move(ground))});
    LidarModel model = plain_model();
    model.row_order = LidarModel::RowOrder::rings;
    for (const double direction : {-1.0, 1.0}) {
        model.azimuth_step = direction * 2 * pi / model.columns;
        const auto scan = simulation::scan(scene, model, standing(), 1, 0);
        ASSERT_EQ(rows_of(scan), 3 * 360);
        for (Eigen::Index i = 0; i < rows_of(scan); ++i) {
            EXPECT_EQ(scan.ring[static_cast<std::size_t>(i)], 1 + i / 360);
            const double expected = 2 * pi * static_cast<double>(i % 360) / 360;
            EXPECT_NEAR(std::remainder(azimuth_of(scan, i) - expected, 2 * pi), 0, 1e-5);
        }
    }
}

TEST(Lidar, SameBitsForAnyNumberOfThreads) {
    Mesh mesh;
    add_box(mesh, Vector3f::Zero(), Vector3f(60, 30, 40), concrete);
    const Scene scene({placement_of(std::move(mesh))});
    const LidarModel model = load_lidar("hdl32e");
    const auto before = base::thread_count();
    std::vector<LidarScan> scans;
    for (const std::size_t threads : {1, 2, 3}) {
        base::set_thread_count(threads);
        scans.push_back(simulation::scan(scene, model, standing(), 5, 9));
    }
    base::set_thread_count(before);
    for (const LidarScan& scan : scans) {
        EXPECT_EQ(scan.points, scans[0].points);
        EXPECT_EQ(scan.intensity, scans[0].intensity);
        EXPECT_EQ(scan.time, scans[0].time);
        EXPECT_EQ(scan.category, scans[0].category);
    }
    const auto other = simulation::scan(scene, model, standing(), 5, 10);
    EXPECT_NE(other.intensity, scans[0].intensity);
}
