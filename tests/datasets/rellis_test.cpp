/// RELLIS-3D has no reader of its own: its files go through the formats, as a user's would.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "formats/image.hpp"
#include "formats/kitti.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;

namespace {

geometry::Pose given_transform(const std::filesystem::path& file) {
    const auto yaml = base::Yaml::load(file)["os1_cloud_node-pylon_camera_node"];
    const auto q = yaml["q"];
    const auto t = yaml["t"];
    const auto at = [](const base::Yaml& part, const char* key) { return part[key].as<double>(); };
    return geometry::pose_from(at(q, "w"), at(q, "x"), at(q, "y"), at(q, "z"),
                               {at(t, "x"), at(t, "y"), at(t, "z")});
}

/// Share of the points in the image whose label is that of the pixel they hit.
double agreement(const formats::Cloud& cloud, const std::vector<std::uint32_t>& labels,
                 const formats::Image& pixels, const geometry::Camera& camera,
                 const geometry::Pose& T_camera_lidar) {
    const auto seen = geometry::project(cloud.points, camera, T_camera_lidar);
    std::size_t agreeing = 0;
    for (const auto& pixel : seen) {
        agreeing += *pixels.at(pixel.row, pixel.column) == labels[pixel.point] ? 1 : 0;
    }
    return seen.empty() ? 0 : static_cast<double>(agreeing) / static_cast<double>(seen.size());
}

}  // namespace

TEST(Rellis, PointsCarryTheLabelOfTheirPixel) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto folder = data / "rellis3d";
    const auto cloud = formats::read_cloud(folder / "000104.bin");
    ASSERT_EQ(cloud.size(), 131072U);
    const auto labels = formats::read_kitti_labels(folder / "000104.label", cloud.size()).label;
    std::size_t non_zero = 0;
    for (Eigen::Index i = 0; i < cloud.points.rows(); ++i) {
        non_zero += cloud.points.row(i).isZero(0) ? 0 : 1;
    }
    EXPECT_EQ(non_zero, 77708U);

    const auto pixels = formats::read_image(folder / "frame000104-1581624663_149.png");
    const auto photo = formats::read_image_size(folder / "frame000104-1581624663_149.jpg");
    EXPECT_EQ(photo.width, pixels.width);
    EXPECT_EQ(photo.height, pixels.height);
    const auto numbers = base::split(base::trim(test::read_bytes(folder / "camera_info.txt")), ' ');
    ASSERT_EQ(numbers.size(), 4U);
    const auto number = [&](std::size_t i) {
        return base::parse_number(numbers[i], "camera_info");
    };
    const geometry::Camera camera{geometry::CameraModel::pinhole,
                                  pixels.width,
                                  pixels.height,
                                  number(0),
                                  number(1),
                                  number(2),
                                  number(3),
                                  {}};
    const auto given = given_transform(folder / "transforms.yaml");
    EXPECT_NEAR(agreement(cloud, labels, pixels, camera, given.inverse()), 0.77, 0.005);
    EXPECT_LT(agreement(cloud, labels, pixels, camera, given), 0.005);
}
