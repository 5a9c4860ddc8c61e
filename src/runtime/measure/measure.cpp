#include "runtime/measure/measure.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "runtime/lap.hpp"
#include "runtime/measure/gemm_limit.hpp"
#include "runtime/measure/peak_memory.hpp"

namespace distillar::runtime {

namespace {

/// A case ready to run.
struct Runner {
    std::shared_ptr<const Model> model;
    base::ThreadPool pool;  ///< for what the segmenter's own is not: reading, GEMM limit
    Segmenter segmenter;
    std::vector<std::uint8_t> labels;
    std::vector<float> confidence;

    Runner(std::shared_ptr<const Model> loaded, std::size_t threads)
        : model(loaded), pool(threads), segmenter(std::move(loaded), options(threads)) {}

    /// @return seconds of reading.
    double run(const MeasurePlan& plan, std::size_t index) {
        const base::PoolScope scope(pool);
        Lap lap;
        const geometry::Scan scan = plan.read(index);
        const double seconds = lap.seconds();
        labels.resize(static_cast<std::size_t>(scan.points.rows()));
        confidence.resize(labels.size());
        segmenter.segment(scan, labels, confidence);
        return seconds;
    }

private:
    static SegmenterOptions options(std::size_t threads) {
        SegmenterOptions result;
        result.threads = threads;
        result.align = false;  // the plan has done so
        return result;
    }
};

/// Labels of all scans, one after the other.
using Labels = std::vector<std::uint8_t>;

double same_share(const Labels& labels, const Labels& expected) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        same += labels[i] == expected[i] ? 1 : 0;
    }
    return static_cast<double>(same) / static_cast<double>(labels.size());
}

/// Memory, points and labels of a case.
Labels run_alone(const MeasurePlan& plan, MeasuredCase& measured) {
    const bool fresh = reset_peak_memory();
    Runner runner(plan.load(measured.precision), measured.threads);
    Labels labels;
    for (std::size_t i = 0; i < plan.scans; ++i) {
        runner.run(plan, i);
        labels.insert(labels.end(), runner.labels.begin(), runner.labels.end());
        measured.points += static_cast<double>(runner.segmenter.points_seen());
        plan.advance();
    }
    if (fresh) {
        measured.peak_memory = peak_memory();
    }
    if (measured.points == 0) {
        base::fail(
            "none of the {} points lies in the model's field of view; check the scans' units and "
            "axes",
            labels.size());
    }
    measured.points /= static_cast<double>(plan.scans);
    measured.points_in = static_cast<double>(labels.size()) / static_cast<double>(plan.scans);
    return labels;
}

void add_sample(const MeasurePlan& plan, std::size_t index, Runner& runner,
                MeasuredCase& measured) {
    const double read = runner.run(plan, index);
    const StageTimes& times = runner.segmenter.times();
    measured.read.push_back(read);
    measured.preprocess.push_back(times.preprocess);
    measured.network.push_back(times.network);
    measured.project.push_back(times.project);
    measured.total.push_back(read + times.preprocess + times.network + times.project);
    const std::size_t points = runner.segmenter.points_seen();
    if (points == 0) {
        measured.limit.push_back(0);
        measured.flops.push_back(0);
        return;
    }
    const base::PoolScope scope(runner.pool);
    GemmLimit limit(*runner.model, measured.precision, points, measured.threads);
    Lap lap;
    limit.run();
    measured.limit.push_back(lap.seconds());
    measured.flops.push_back(limit.flops());
}

void add_load(const MeasurePlan& plan, Precision precision, std::vector<MeasuredCase>& cases) {
    Lap lap;
    plan.load(precision);
    const double seconds = lap.seconds();
    for (MeasuredCase& measured : cases) {
        if (measured.precision == precision) {
            measured.load.push_back(seconds);  // on one thread, whatever the case has
        }
    }
}

void run_rounds(const MeasurePlan& plan, std::vector<MeasuredCase>& cases) {
    std::vector<std::unique_ptr<Runner>> runners;
    for (const Precision precision : plan.precisions) {
        const auto model = plan.load(precision);
        for (const std::size_t threads : plan.threads) {
            auto& runner = runners.emplace_back(std::make_unique<Runner>(model, threads));
            for (std::size_t i = 0; i < plan.scans; ++i) {
                runner->run(plan, i);  // memory is allocated here, not while time is taken
                plan.advance();
            }
        }
    }
    for (std::size_t round = 0; round < plan.rounds; ++round) {
        for (std::size_t i = 0; i < plan.scans; ++i) {
            for (std::size_t c = 0; c < cases.size(); ++c) {
                add_sample(plan, i, *runners[c], cases[c]);
                plan.advance();
            }
        }
        for (const Precision precision : plan.precisions) {
            add_load(plan, precision, cases);
        }
    }
}

}  // namespace

std::size_t measure_steps(const MeasurePlan& plan) {
    return plan.precisions.size() * plan.threads.size() * plan.scans * (plan.rounds + 2);
}

std::vector<MeasuredCase> measure(const MeasurePlan& plan) {
    std::vector<MeasuredCase> cases;
    Labels exact;
    for (const Precision precision : plan.precisions) {
        for (const std::size_t threads : plan.threads) {
            MeasuredCase& measured = cases.emplace_back();
            measured.precision = precision;
            measured.threads = threads;
            Labels labels = run_alone(plan, measured);
            if (precision == Precision::fp32) {
                exact = std::move(labels);
                measured.same_labels = 1;
            } else if (!exact.empty()) {
                measured.same_labels = same_share(labels, exact);
            }
        }
    }
    run_rounds(plan, cases);
    return cases;
}

Quantiles quantiles(std::vector<double> values) {
    if (values.empty()) {
        return {};
    }
    std::sort(values.begin(), values.end());
    const auto rank =
        static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(values.size())));
    return {values[values.size() / 2], values[rank - 1]};
}

}  // namespace distillar::runtime
