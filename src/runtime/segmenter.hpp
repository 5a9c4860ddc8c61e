#pragma once
/// runtime: the inference engine behind the deployment library.
#include <optional>
#include <span>

#include "base/thread_pool.hpp"
#include "geometry/prepared_scan.hpp"
#include "geometry/sensor_alignment.hpp"
#include "runtime/cloud_view.hpp"
#include "runtime/model.hpp"

namespace distillar::runtime {

struct SegmenterOptions {
    std::size_t threads = 0;  ///< of its own pool, the caller among them; 0: all cores
    /// Bring scans to the model's sensor (geometry::align_scan); else they are taken as they are.
    bool align = true;
    float sensor_height = 0;  ///< metres above the road; 0: measured from each scan
    /// The sensor's own intensities; none: as the model's.
    std::optional<geometry::IntensityScale> intensity;
    bool keep_logits = false;  ///< for logits()
};

/// Seconds of the last scan.
struct StageTimes {
    double read = 0;        ///< copying the cloud, sensor contract
    double preprocess = 0;  ///< voxel grid, neighbours, cells, plane tables
    double network = 0;     ///< embedding, layers, head
    double project = 0;     ///< back to every point
};

/// Segments scans, one at a time. After the largest scan it allocates nothing but the text of
/// warnings and what oneDNN takes to run a product. Several segmenters may share a model on several
/// threads.
class Segmenter {
public:
    Segmenter(std::shared_ptr<const Model> model, const SegmenterOptions& options);

    /// @param labels      one per point: 0..C-1, or 255 for a point that is not usable and for all
    ///                    points if none lies in the field of view.
    /// @param confidence  one per point, the class's softmax probability (0 with label 255); or
    ///                    empty.
    /// @throws base::Error if the description lies, no point is usable, or the scan cannot give an
    ///         input feature.
    void segment(const CloudView& cloud, std::span<std::uint8_t> labels,
                 std::span<float> confidence);

    /// The same for a scan whose points are usable, with its own intensity scale and sensor height
    /// (0: measured).
    void segment(const geometry::Scan& scan, std::span<std::uint8_t> labels,
                 std::span<float> confidence);

    /// What was suspicious about the last scan: one line each.
    const std::vector<std::string>& warnings() const { return warnings_; }
    /// Those of them that are about its sensor, each with its topic.
    const std::vector<geometry::SensorFinding>& findings() const { return findings_; }
    const StageTimes& times() const { return times_; }
    std::size_t points_seen() const { return kept_; }  ///< by the network, of the last scan
    /// points_seen() x classes of the last scan; empty unless options.keep_logits.
    std::span<const float> logits() const { return logits_; }

private:
    void start(std::size_t points, std::span<std::uint8_t> labels, std::span<float> confidence);
    geometry::ScanView align(const geometry::SensorDeclaration& declared);
    void segment_rows(const geometry::ScanView& scan, std::span<std::uint8_t> labels,
                      std::span<float> confidence);
    void make_planes();
    void run_network();

    std::shared_ptr<const Model> model_;
    SegmenterOptions options_;
    base::ThreadPool pool_;
    Workspace workspace_;
    geometry::IntensityScale scale_;
    CloudPoints points_;
    geometry::AlignmentBuffers alignment_;
    geometry::PreparedScan prepared_;
    std::vector<kernels::PlaneTable> planes_;
    std::vector<kernels::PlaneTableBuffers> plane_buffers_;
    std::vector<std::int32_t> nearest_;
    std::vector<std::uint8_t> kept_labels_;
    std::vector<float> kept_confidence_;
    std::vector<float> logits_;
    std::vector<std::string> warnings_;
    std::vector<geometry::SensorFinding> findings_;
    std::size_t kept_ = 0;
    StageTimes times_;
};

}  // namespace distillar::runtime
