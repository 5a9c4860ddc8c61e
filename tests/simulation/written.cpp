#include "simulation/written.hpp"

#include <cstring>

#include "formats/image.hpp"
#include "simulation/writers/extras.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

simulation::SimulateOptions small_options(const fs::path& out, const std::string& layout) {
    simulation::SimulateOptions options;
    options.city = "a";
    options.layout = layout;
    options.frames = 3;
    options.seed = 3;
    options.out = out;
    options.version = "0.0.0";
    return options;
}

simulation::SimulateReport write_made(const simulation::SimulateOptions& options,
                                      const simulation::Rig& rig, std::vector<int>* simulated) {
    const auto source = [&](int number) {
        if (simulated != nullptr) {
            simulated->push_back(number);
        }
        return made_frame(rig, number);
    };
    return simulation::write_simulation(options, rig, source, [] {});
}

std::unique_ptr<datasets::Dataset> open_folder(const fs::path& folder, const std::string& sensor) {
    datasets::Selection selection;
    selection.path = folder;
    selection.sensor = sensor;
    return datasets::open_dataset(selection);
}

void expect_same_points(const datasets::Frame& frame, const simulation::LidarScan& scan,
                        const std::vector<std::uint32_t>& labels) {
    ASSERT_EQ(frame.points.rows(), scan.points.rows());
    const geometry::Points rounded = scan.points.cast<float>().cast<double>();
    EXPECT_TRUE(frame.points == rounded);
    EXPECT_EQ(frame.intensity, scan.intensity);
    EXPECT_EQ(frame.labels, labels);
    EXPECT_EQ(frame.dropped, 0U);
}

void expect_same_view(const datasets::Frame& frame, const simulation::SimulatedFrame& made,
                      const simulation::Rig& rig, std::size_t camera, bool same_pixels) {
    const auto& mount = rig.cameras.at(camera);
    const auto& shot = made.cameras.at(camera);
    for (const auto& view : frame.views) {
        if (view.name != mount.name) {
            continue;
        }
        EXPECT_EQ(view.camera.width, mount.camera.width);
        EXPECT_EQ(view.camera.height, mount.camera.height);
        EXPECT_NEAR(view.camera.fx, mount.camera.fx, 1e-9);
        EXPECT_NEAR(view.camera.cy, mount.camera.cy, 1e-9);
        // A point that stands still: world at scan time -> camera at exposure.
        const geometry::Pose expected =
            shot.T_world_camera.inverse() * made.lidars.at(0).T_world_lidar;
        EXPECT_TRUE(view.T_camera_lidar.isApprox(expected, 1e-7))
            << view.name << "\n"
            << view.T_camera_lidar.matrix() << "\n"
            << expected.matrix();
        const auto image = formats::read_image(view.image);
        EXPECT_EQ(image.width, mount.camera.width);
        if (same_pixels) {
            EXPECT_EQ(image.rgb, shot.image.rgb);
        }
        return;
    }
    ADD_FAILURE() << "no view of " << mount.name;
}

namespace {

std::string stem_of(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.ends_with(".pcd.bin") ? name.substr(0, name.size() - 8) : file.stem().string();
}

void expect_pixels(const fs::path& extras, const simulation::CameraShot& shot,
                   const datasets::CameraView& view) {
    const std::string file = view.name + "/" + stem_of(view.image) + ".png";
    const auto classes = formats::read_image(extras / "classes" / file);
    const auto instances = formats::read_image(extras / "instances" / file);
    ASSERT_EQ(classes.rgb.size(), 3 * shot.category.size());
    for (std::size_t i = 0; i < shot.category.size(); ++i) {
        ASSERT_EQ(classes.rgb[3 * i], simulation::class_pixel(shot.category[i]));
        ASSERT_EQ(instances.rgb[3 * i] + 256U * instances.rgb[3 * i + 1] +
                      65536U * instances.rgb[3 * i + 2],
                  shot.instance[i]);
    }
}

}  // namespace

void expect_extras(const fs::path& extras, const simulation::SimulatedFrame& made,
                   const simulation::Rig& rig, const datasets::Frame& frame, std::size_t lidar) {
    for (const auto& view : frame.views) {
        for (std::size_t camera = 0; camera < rig.cameras.size(); ++camera) {
            if (rig.cameras[camera].name == view.name) {
                expect_pixels(extras, made.cameras[camera], view);
            }
        }
    }
    const auto& scan = made.lidars.at(lidar);
    const std::string bytes = read_bytes(extras / "points" / rig.lidars.at(lidar).name /
                                         (stem_of(frame.source) + ".bin"));
    ASSERT_EQ(bytes.size(), 12 * scan.time.size());
    for (std::size_t i = 0; i < scan.time.size(); ++i) {
        simulation::PointExtras point;
        std::memcpy(&point, bytes.data() + 12 * i, sizeof(point));
        ASSERT_EQ(point.time, scan.time[i]);
        ASSERT_EQ(point.ring, scan.ring[i]);
        ASSERT_EQ(point.category, static_cast<std::uint8_t>(scan.category[i]));
        ASSERT_EQ(point.moving, scan.moving[i]);
        ASSERT_EQ(point.instance, scan.instance[i]);
    }
}

std::map<std::string, std::string> files_under(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files[entry.path().lexically_relative(folder).string()] = read_bytes(entry.path());
        }
    }
    return files;
}

}  // namespace distillar::test
