/// nuScenes' layout: tables v1.0-trainval, samples/, lidarseg/, maps/. Every frame is a key frame.
#include "base/files.hpp"
#include "formats/nuscenes_files.hpp"
#include "simulation/writers/nuscenes_names.hpp"

namespace distillar::simulation {

namespace fs = std::filesystem;

namespace {

class NuScenesWriter final : public LayoutWriter {
public:
    using LayoutWriter::LayoutWriter;

    fs::path scan_file(const FrameRecord& record, std::size_t) const override {
        return recording().root / scan_name(recording(), record);
    }
    fs::path label_file(const FrameRecord& record, std::size_t) const override {
        return recording().root / lidarseg_name(recording(), record);
    }
    fs::path image_file(const FrameRecord& record, std::size_t camera) const override {
        return recording().root / image_name(recording(), record, camera);
    }

    void write_tables(const std::vector<FrameRecord>& records, bool) const override {
        if (!records.empty()) {  // a scene has a first sample
            write_nuscenes_tables(recording(), records);
        }
    }

protected:
    void write_scan(const LidarScan& scan, const FrameRecord& record,
                    std::size_t lidar) const override {
        std::vector<std::uint32_t> labels(scan.category.size());
        for (std::size_t i = 0; i < labels.size(); ++i) {
            labels[i] = nuscenes_id(scan.category[i]);
        }
        formats::write_lidarseg(label_file(record, lidar), labels);
        formats::Cloud cloud;
        cloud.points.resize(scan.points.rows(), 3);
        cloud.points.col(0) = -scan.points.col(1);  // x right, y forward
        cloud.points.col(1) = scan.points.col(0);
        cloud.points.col(2) = scan.points.col(2);
        cloud.intensity = scan.intensity;
        cloud.ring = scan.ring;
        formats::write_nuscenes_bin(scan_file(record, lidar), cloud);
    }
};

}  // namespace

std::unique_ptr<LayoutWriter> make_nuscenes_writer(Recording recording) {
    return std::make_unique<NuScenesWriter>(std::move(recording));
}

}  // namespace distillar::simulation
