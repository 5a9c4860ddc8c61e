#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "simulation/writers/frame_record.hpp"

namespace distillar::simulation {

/// One simulated log on its way to disk.
struct Recording {
    std::filesystem::path root;  ///< the folder that readers open
    std::string layout;          ///< of known_layouts()
    std::string sequence;        ///< "00"; "" where the layout has none
    std::string city;
    Rig rig;
    std::uint64_t seed = 0;

    /// The folder that belongs to this log alone. `extras` stands in it.
    std::filesystem::path home() const;
    std::filesystem::path extras() const { return home() / "extras"; }
};

/// Writes simulated frames in one public layout. Every file is written atomically.
class LayoutWriter {
public:
    explicit LayoutWriter(Recording recording) : recording_(std::move(recording)) {}
    virtual ~LayoutWriter() = default;
    LayoutWriter(const LayoutWriter&) = delete;
    LayoutWriter& operator=(const LayoutWriter&) = delete;

    const Recording& recording() const { return recording_; }

    /// All files of one frame: extras and images first, scans last, so that a reader of an
    /// unfinished log finds whole frames.
    void write_frame(const SimulatedFrame& frame, const FrameRecord& record) const;
    /// Are all files of the frame there?
    bool complete(const FrameRecord& record) const;
    /// The files that hold all frames, from the records of those written. Unfinished: more are to
    /// come, and readers must either see these frames or be told.
    virtual void write_tables(const std::vector<FrameRecord>& records, bool finished) const = 0;

    // Where the frame's files are. ------------------------------------------------------------
    virtual std::filesystem::path scan_file(const FrameRecord& record, std::size_t lidar) const = 0;
    virtual std::filesystem::path image_file(const FrameRecord& record,
                                             std::size_t camera) const = 0;
    /// Empty: labels are part of the scan.
    virtual std::filesystem::path label_file(const FrameRecord&, std::size_t) const { return {}; }

protected:
    /// The scan, after its labels.
    virtual void write_scan(const LidarScan& scan, const FrameRecord& record,
                            std::size_t lidar) const = 0;

private:
    std::filesystem::path class_file(const FrameRecord& record, std::size_t camera) const;
    std::filesystem::path instance_file(const FrameRecord& record, std::size_t camera) const;
    std::filesystem::path point_file(const FrameRecord& record, std::size_t lidar) const;
    void write_camera(const CameraShot& shot, const FrameRecord& record, std::size_t camera) const;

    Recording recording_;
};

std::unique_ptr<LayoutWriter> make_writer(Recording recording);

// Private to the writers. ------------------------------------------------------------------------
std::unique_ptr<LayoutWriter> make_semantickitti_writer(Recording recording);
std::unique_ptr<LayoutWriter> make_nuscenes_writer(Recording recording);
std::unique_ptr<LayoutWriter> make_log_writer(Recording recording);

/// SemanticKITTI's raw id of every point.
std::vector<std::uint32_t> semantickitti_labels(const LidarScan& scan);

}  // namespace distillar::simulation
