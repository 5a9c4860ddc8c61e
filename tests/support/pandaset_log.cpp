#include "support/pandaset_log.hpp"

#include <algorithm>

#include "formats/kitti.hpp"
#include "formats/pcd.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

namespace {

std::string rows_of(const geometry::Pose& pose) {
    std::string text = "[";
    for (int row = 0; row < 4; ++row) {
        text += fmt::format("[{}, {}, {}, {}]{}", pose(row, 0), pose(row, 1), pose(row, 2),
                            pose(row, 3), row < 3 ? ", " : "]");
    }
    return text;
}

formats::Cloud cloud_of(const datasets::Frame& frame) {
    formats::Cloud cloud;
    cloud.points = frame.points;
    cloud.intensity = frame.intensity;
    cloud.label = frame.labels;
    return cloud;
}

}  // namespace

void lay_out(const fs::path& folder, const datasets::Dataset& pandaset, std::size_t index,
             const LogLayout& layout) {
    const auto frame = pandaset.read(index);
    auto cloud = cloud_of(frame);
    fs::create_directories(folder / "lidar");
    fs::create_directories(folder / "labels");
    fs::create_directories(folder / "front");
    geometry::Pose T_lidar_canonical = geometry::Pose::Identity();
    if (layout.y_forward) {
        T_lidar_canonical.linear() << 0, -1, 0, 1, 0, 0, 0, 0, 1;
        cloud.points = geometry::transform(T_lidar_canonical, cloud.points);
    }
    if (layout.label_files) {
        formats::write_kitti_labels(folder / "labels/00.label", cloud.label);
        cloud.label.clear();
    }
    formats::write_pcd(folder / "lidar/00.pcd", cloud, formats::PcdEncoding::binary_compressed);
    const auto found = std::find_if(frame.views.begin(), frame.views.end(),
                                    [](const auto& one) { return one.name == "front_camera"; });
    ASSERT_NE(found, frame.views.end());
    const datasets::CameraView& view = *found;
    fs::copy_file(view.image, folder / "front/00.jpg");
    write_bytes(folder / "classes.yaml", "7: Road\n13: Car\n");
    write_bytes(
        folder / "log.yaml",
        fmt::format("distillar-log: 1\n"
                    "lidar:\n"
                    "  scans: lidar/*.pcd\n"
                    "{}{}"
                    "labels: {{{}names: classes.yaml}}\n"
                    "cameras:\n"
                    "  front: {{images: front/*.jpg, size: [1920, 1080], model: pinhole,{}\n"
                    "    intrinsics: [{}, {}, {}, {}],\n"
                    "    T_camera_lidar: {}}}\n",
                    layout.lidar_keys, layout.y_forward ? "  frame: y-forward\n" : "",
                    layout.label_files ? "files: labels/*.label, " : "", layout.camera_keys,
                    view.camera.fx, view.camera.fy, view.camera.cx, view.camera.cy,
                    rows_of(view.T_camera_lidar * T_lidar_canonical.inverse())));
}

}  // namespace distillar::test
