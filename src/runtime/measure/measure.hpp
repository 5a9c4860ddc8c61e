#pragma once
#include <functional>

#include "runtime/segmenter.hpp"

namespace distillar::runtime {

/// What to measure: every precision on every number of threads.
struct MeasurePlan {
    std::vector<Precision> precisions;
    std::vector<std::size_t> threads;
    std::size_t rounds = 5;
    std::size_t scans = 0;
    std::function<std::shared_ptr<const Model>(Precision)> load;
    std::function<geometry::Scan(std::size_t)> read;  ///< aligned with the model's sensor
    std::function<void()> advance;                    ///< measure_steps() times
};

/// One precision on so many threads. Samples are seconds: one a scan and round, but `load`: one a
/// round.
struct MeasuredCase {
    Precision precision = Precision::fp32;
    std::size_t threads = 0;
    double points = 0, points_in = 0;  ///< that the network saw, that came in: mean of the scans
    std::vector<double> load;          ///< the model's file, weights folded and packed
    std::vector<double> read, preprocess, network, project;
    std::vector<double> total;  ///< of these four
    std::vector<double> limit;  ///< GemmLimit
    std::vector<double> flops;  ///< of the limit's products
    /// Bytes of the process while it loaded the model and segmented the scans, alone.
    std::optional<std::size_t> peak_memory;
    /// Share of all points with fp32's label; none if fp32 is not measured.
    std::optional<double> same_labels;
};

/// Takes each case once alone, for its memory and labels; then in rounds all cases in turn, each
/// scan followed by its GEMM limit, so that a busy machine is busy for all of them.
/// @throws base::Error if no point of the scans lies in the model's field of view.
std::vector<MeasuredCase> measure(const MeasurePlan& plan);
std::size_t measure_steps(const MeasurePlan& plan);

/// Middle (the upper of two) and the least value that 95 % do not exceed; 0 of no values.
struct Quantiles {
    double p50 = 0, p95 = 0;
};
Quantiles quantiles(std::vector<double> values);

}  // namespace distillar::runtime
