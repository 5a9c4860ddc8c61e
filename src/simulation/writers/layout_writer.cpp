#include "simulation/writers/layout_writer.hpp"

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "simulation/writers/extras.hpp"

namespace distillar::simulation {

namespace fs = std::filesystem;

namespace {

constexpr int jpeg_quality = 92;

/// The file's name without its ending (".pcd.bin" as a whole).
std::string stem_of(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.ends_with(".pcd.bin") ? name.substr(0, name.size() - 8) : file.stem().string();
}

}  // namespace

fs::path Recording::home() const {
    return layout == "semantickitti" ? root / "sequences" / sequence : root;
}

fs::path LayoutWriter::class_file(const FrameRecord& record, std::size_t camera) const {
    return recording_.extras() / "classes" / recording_.rig.cameras[camera].name /
           (stem_of(image_file(record, camera)) + ".png");
}

fs::path LayoutWriter::instance_file(const FrameRecord& record, std::size_t camera) const {
    return recording_.extras() / "instances" / recording_.rig.cameras[camera].name /
           (stem_of(image_file(record, camera)) + ".png");
}

fs::path LayoutWriter::point_file(const FrameRecord& record, std::size_t lidar) const {
    return recording_.extras() / "points" / recording_.rig.lidars[lidar].name /
           (stem_of(scan_file(record, lidar)) + ".bin");
}

void LayoutWriter::write_camera(const CameraShot& shot, const FrameRecord& record,
                                std::size_t camera) const {
    write_pixel_classes(class_file(record, camera), shot);
    write_pixel_instances(instance_file(record, camera), shot);
    const fs::path image = image_file(record, camera);
    if (image.extension() == ".png") {
        formats::write_png(image, shot.image);
    } else {
        formats::write_jpeg(image, shot.image, jpeg_quality);
    }
}

void LayoutWriter::write_frame(const SimulatedFrame& frame, const FrameRecord& record) const {
    base::parallel_for(frame.cameras.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t camera = begin; camera < end; ++camera) {
            write_camera(frame.cameras[camera], record, camera);
        }
    });
    for (std::size_t lidar = 0; lidar < frame.lidars.size(); ++lidar) {
        write_point_extras(point_file(record, lidar), frame.lidars[lidar]);
        write_scan(frame.lidars[lidar], record, lidar);
    }
}

bool LayoutWriter::complete(const FrameRecord& record) const {
    const auto there = [](const fs::path& file) { return file.empty() || fs::exists(file); };
    for (std::size_t lidar = 0; lidar < record.lidars.size(); ++lidar) {
        if (!there(scan_file(record, lidar)) || !there(label_file(record, lidar)) ||
            !there(point_file(record, lidar))) {
            return false;
        }
    }
    for (std::size_t camera = 0; camera < record.cameras.size(); ++camera) {
        if (!there(image_file(record, camera)) || !there(class_file(record, camera)) ||
            !there(instance_file(record, camera))) {
            return false;
        }
    }
    return true;
}

std::unique_ptr<LayoutWriter> make_writer(Recording recording) {
    if (recording.layout == "semantickitti") {
        return make_semantickitti_writer(std::move(recording));
    }
    return recording.layout == "nuscenes" ? make_nuscenes_writer(std::move(recording))
                                          : make_log_writer(std::move(recording));
}

std::vector<std::uint32_t> semantickitti_labels(const LidarScan& scan) {
    std::vector<std::uint32_t> labels(scan.category.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        labels[i] = semantickitti_id(scan.category[i], scan.moving[i] != 0);
    }
    return labels;
}

}  // namespace distillar::simulation
