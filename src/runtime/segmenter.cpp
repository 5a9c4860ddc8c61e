#include "runtime/segmenter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "geometry/sensor_alignment.hpp"
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
    : model_(std::move(model)), options_(checked(options)), pool_(options.threads) {
    scan_.scale = options.intensity.value_or(model_->description().sensor.intensity);
}

void Segmenter::align() {
    const auto& description = model_->description();
    scan_.sensor_height =
        options_.sensor_height > 0 ? options_.sensor_height : description.sensor.height;
    if (!options_.align) {
        return;
    }
    const auto alignment = geometry::align_sensor(scan_.points.cast<double>(), scan_.intensity,
                                                  {options_.sensor_height, scan_.scale},
                                                  description.input, description.sensor.height);
    for (const auto& finding : alignment.findings) {
        warnings_.push_back(finding.message);
    }
    scan_.points.col(2).array() += alignment.shift;
    scan_.sensor_height = alignment.height;
}

void Segmenter::run_network(const geometry::Sample& sample) {
    Lap lap;
    const auto& grids = model_->description().input.grids;
    std::vector<kernels::PlaneTable> planes(grids.size());
    base::parallel_for(grids.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            planes[i] = kernels::make_plane_table(sample.cells[i], grids[i].rows, grids[i].columns);
        }
    });
    times_.preprocess += lap.seconds();
    const NetworkInput input{sample.size(), sample.features.data(), sample.neighbors.data(),
                             static_cast<std::size_t>(sample.neighbor_count), planes};
    const Network& network = model_->network();
    network.run(input, workspace_);
    kept_labels_.resize(sample.size());
    kept_confidence_.resize(sample.size());
    const std::size_t classes = network.outputs();
    logits_.resize(options_.keep_logits ? sample.size() * classes : 0);
    network.logits(sample.size(), workspace_,
                   [&](std::size_t begin, std::size_t rows, const float* logits) {
                       classify(logits, rows, classes, kept_labels_.data() + begin,
                                kept_confidence_.data() + begin);
                       if (options_.keep_logits) {
                           std::copy_n(logits, rows * classes, logits_.data() + begin * classes);
                       }
                   });
    times_.network = lap.seconds();
}

void Segmenter::start(std::size_t points, std::span<std::uint8_t> labels,
                      std::span<float> confidence) {
    if (labels.size() != points || (!confidence.empty() && confidence.size() != points)) {
        base::fail("cloud: {} points, but room for {} labels and {} confidences; give one a point",
                   points, labels.size(), confidence.size());
    }
    warnings_.clear();
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
    read_cloud(cloud, scan_, rows_);
    if (rows_.empty()) {
        base::fail("cloud: none of the {} points is finite; check the fields' offsets and types",
                   cloud.count);
    }
    align();
    times_.read = lap.seconds();
    segment_rows(scan_, labels, confidence);
}

void Segmenter::segment(const geometry::Scan& scan, std::span<std::uint8_t> labels,
                        std::span<float> confidence) {
    start(static_cast<std::size_t>(scan.points.rows()), labels, confidence);
    rows_.resize(labels.size());
    std::iota(rows_.begin(), rows_.end(), 0U);
    const base::PoolScope scope(pool_);
    segment_rows(scan, labels, confidence);
}

/// From the scan's points to labels at their `rows_`.
void Segmenter::segment_rows(const geometry::Scan& scan, std::span<std::uint8_t> labels,
                             std::span<float> confidence) {
    Lap lap;
    const geometry::Sample sample =
        geometry::preprocess(scan, model_->description().input, nullptr, nullptr);
    times_.preprocess = lap.seconds();
    kept_ = sample.size();
    if (sample.size() == 0) {
        warnings_.emplace_back("no point lies in the model's field of view; check units and axes");
        return;
    }
    run_network(sample);
    lap.seconds();
    const auto nearest = geometry::nearest_kept(scan, sample);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto kept = static_cast<std::size_t>(nearest[i]);
        labels[rows_[i]] = kept_labels_[kept];
        if (!confidence.empty()) {
            confidence[rows_[i]] = kept_confidence_[kept];
        }
    }
    times_.project = lap.seconds();
}

}  // namespace distillar::runtime
