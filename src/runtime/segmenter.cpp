#include "runtime/segmenter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "runtime/lap.hpp"

namespace distillar::runtime {

namespace {

const SegmenterOptions& checked(const SegmenterOptions& options) {
    constexpr std::size_t most_threads = 1024;
    if (options.threads > most_threads) {
        base::fail("options: {} threads; give 0 (all cores) to {}", options.threads, most_threads);
    }
    if (!std::isfinite(options.sensor_height) || options.sensor_height < 0) {
        base::fail("options: a sensor height of {} m; give metres above the road, or 0 to measure",
                   options.sensor_height);
    }
    if (options.intensity &&
        (!std::isfinite(options.intensity->mean) || !std::isfinite(options.intensity->deviation) ||
         !(options.intensity->deviation > 0))) {
        base::fail("options: an intensity of {} +- {}; give finite numbers, deviation > 0",
                   options.intensity->mean, options.intensity->deviation);
    }
    return options;
}

}  // namespace

Segmenter::Segmenter(std::shared_ptr<const Model> model, const SegmenterOptions& options)
    : model_(std::move(model)),
      options_(checked(options)),
      pool_(options.threads),
      scale_(options.intensity.value_or(model_->description().sensor.intensity)),
      planes_(model_->description().input.grids.size()),
      plane_buffers_(planes_.size()) {}

/// The points as the model's sensor would see them.
geometry::ScanView Segmenter::align(const geometry::SensorDeclaration& declared) {
    const auto scan = [&](float height) {
        return geometry::ScanView(geometry::points_of(points_.xyz), points_.intensity,
                                  declared.scale, height);
    };
    if (!options_.align) {
        return scan(declared.height);
    }
    const auto& description = model_->description();
    auto alignment = geometry::align_scan(
        Eigen::Map<geometry::Points32>(points_.xyz.data(),
                                       static_cast<Eigen::Index>(points_.xyz.size() / 3), 3),
        points_.intensity, declared, description.input, description.sensor.height, alignment_);
    findings_ = std::move(alignment.findings);
    for (const auto& finding : findings_) {
        warnings_.push_back(finding.message);
    }
    return scan(alignment.height);
}

void Segmenter::make_planes() {
    const auto& grids = model_->description().input.grids;
    base::parallel_for(grids.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            kernels::make_plane_table(prepared_.cells[i], grids[i].rows, grids[i].columns,
                                      plane_buffers_[i], planes_[i]);
        }
    });
}

void Segmenter::run_network() {
    const std::size_t points = prepared_.size();
    const NetworkInput input{points, prepared_.features.data(), prepared_.neighbors.data(),
                             static_cast<std::size_t>(model_->description().input.neighbors),
                             planes_};
    const Network& network = model_->network();
    network.run(input, workspace_);
    kept_labels_.resize(points);
    kept_confidence_.resize(points);
    const std::size_t classes = network.outputs();
    logits_.resize(options_.keep_logits ? points * classes : 0);
    network.logits(points, workspace_,
                   [&](std::size_t begin, std::size_t rows, const float* logits) {
                       classify(logits, rows, classes, kept_labels_.data() + begin,
                                kept_confidence_.data() + begin);
                       if (options_.keep_logits) {
                           std::copy_n(logits, rows * classes, logits_.data() + begin * classes);
                       }
                   });
}

void Segmenter::start(std::size_t points, std::span<std::uint8_t> labels,
                      std::span<float> confidence) {
    if (labels.size() != points || (!confidence.empty() && confidence.size() != points)) {
        base::fail("cloud: {} points, but room for {} labels and {} confidences; give one a point",
                   points, labels.size(), confidence.size());
    }
    warnings_.clear();
    findings_.clear();
    times_ = {};
    kept_ = 0;
    logits_.clear();
    std::fill(labels.begin(), labels.end(), geometry::ignore_label);
    std::fill(confidence.begin(), confidence.end(), 0.0F);
}

void Segmenter::segment(const CloudView& cloud, std::span<std::uint8_t> labels,
                        std::span<float> confidence) {
    check_cloud(cloud);
    start(static_cast<std::size_t>(cloud.count), labels, confidence);
    if (cloud.count == 0) {
        return;
    }
    const base::PoolScope scope(pool_);
    Lap lap;
    read_cloud(cloud, points_);
    if (points_.rows.empty()) {
        base::fail("cloud: none of the {} points is finite; check the fields' offsets and types",
                   cloud.count);
    }
    const bool declared = options_.align || options_.sensor_height > 0;
    const geometry::ScanView scan =
        align({declared ? options_.sensor_height : model_->description().sensor.height, scale_});
    times_.read = lap.seconds();
    segment_rows(scan, labels, confidence);
}

void Segmenter::segment(const geometry::Scan& scan, std::span<std::uint8_t> labels,
                        std::span<float> confidence) {
    start(static_cast<std::size_t>(scan.points.rows()), labels, confidence);
    const base::PoolScope scope(pool_);
    Lap lap;
    points_.xyz.assign(scan.points.data(), scan.points.data() + scan.points.size());
    points_.intensity = scan.intensity;
    points_.rows.resize(labels.size());
    std::iota(points_.rows.begin(), points_.rows.end(), 0U);
    const geometry::ScanView aligned = align({scan.sensor_height, scan.scale});
    times_.read = lap.seconds();
    segment_rows(aligned, labels, confidence);
}

/// From the scan's points to labels at their rows of the cloud.
void Segmenter::segment_rows(const geometry::ScanView& scan, std::span<std::uint8_t> labels,
                             std::span<float> confidence) {
    Lap lap;
    geometry::prepare(scan, model_->description().input, prepared_);
    kept_ = prepared_.size();
    if (kept_ == 0) {
        times_.preprocess = lap.seconds();
        warnings_.emplace_back("no point lies in the model's field of view; check units and axes");
        return;
    }
    make_planes();
    times_.preprocess = lap.seconds();
    run_network();
    times_.network = lap.seconds();
    geometry::nearest_kept(scan, prepared_, nearest_);
    for (std::size_t i = 0; i < nearest_.size(); ++i) {
        const auto kept = static_cast<std::size_t>(nearest_[i]);
        labels[points_.rows[i]] = kept_labels_[kept];
        if (!confidence.empty()) {
            confidence[points_.rows[i]] = kept_confidence_[kept];
        }
    }
    times_.project = lap.seconds();
}

}  // namespace distillar::runtime
