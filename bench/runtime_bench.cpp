// The deployment runtime in processor seconds, which say more than wall time on a shared machine:
// the pinned case's network against the GEMM limit, alternating, and scans that grow. Random
// weights. Arguments: precision (0 fp32, 1 bf16, 2 int8) or points, threads. Stages, memory and
// labels: `distillar bench`.
//   DISTILLAR_DATA=../shared/data bench-runtime
#include <benchmark/benchmark.h>

#include "pinned_case.hpp"
#include "runtime/calibration.hpp"
#include "runtime/measure/gemm_limit.hpp"
#include "runtime/measure/measure.hpp"
#include "runtime/measure/pinned_model.hpp"
#include "runtime/network_scan.hpp"
#include "runtime/precision_names.hpp"
#include "runtime/random_model.hpp"
#include "timing.hpp"

namespace {

using namespace distillar;
using bench::median;
using bench::processor_seconds;

void network_and_gemm_limit(benchmark::State& state) {
    const auto precision = static_cast<runtime::Precision>(state.range(0));
    if (!runtime::supported(precision)) {
        state.SkipWithError("not on this processor");
        return;
    }
    const auto threads = static_cast<std::size_t>(state.range(1));
    base::ThreadPool pool(threads);
    const base::PoolScope scope(pool);
    const runtime::NetworkScan prepared(bench::pinned_scan().scan(), runtime::pinned_model().input);
    formats::ModelFile file = runtime::random_model(runtime::pinned_model(), 1);
    if (precision == runtime::Precision::int8) {
        runtime::Calibration calibration(file, "random weights", 1);
        calibration.add(prepared.input);
        file.int8_scales = calibration.result().steps;
    }
    const runtime::Model model(file, "random weights", precision);
    const auto& network = model.network();
    runtime::GemmLimit limit(model, precision, prepared.input.points, threads);
    runtime::Workspace workspace;
    network.run(prepared.input, workspace);
    limit.run();
    std::vector<double> ours, alone;
    for (auto _ : state) {
        const double start = processor_seconds();
        network.run(prepared.input, workspace);
        const double middle = processor_seconds();
        limit.run();
        ours.push_back(middle - start);
        alone.push_back(processor_seconds() - middle);
        state.SetIterationTime(middle - start);
    }
    state.counters["network_s"] = median(ours);
    state.counters["limit_s"] = median(alone);
    state.counters["share"] = median(alone) / median(ours);
    state.counters["GFLOPs"] = limit.flops() / median(ours) * 1e-9;
    state.counters["limit_GFLOPs"] = limit.flops() / median(alone) * 1e-9;
    state.counters["points"] = static_cast<double>(prepared.input.points);
    state.SetLabel(bench::pinned_scan().name);
}

/// The whole as scans grow, per point: a street of one density, longer and longer; 6 layers.
void growing_scans(benchmark::State& state) {
    auto description = runtime::pinned_model();
    description.backbone.depth = 6;
    description.input.fov = {{-1000, -50, -5}, {1000, 50, 3}};
    description.input.grids = {{2, 5000, 250}, {1, 5000, 20}, {0, 250, 20}};
    runtime::SegmenterOptions options;
    options.threads = static_cast<std::size_t>(state.range(1));
    options.align = false;
    runtime::Segmenter segmenter(
        std::make_shared<const runtime::Model>(runtime::random_model(description, 1),
                                               "random weights", runtime::Precision::fp32),
        options);
    const auto scan = bench::street(static_cast<std::size_t>(state.range(0)));
    std::vector<std::uint8_t> labels(scan.values.size() / 4);
    segmenter.segment(scan.view(), labels, {});
    std::vector<double> seconds;
    for (auto _ : state) {
        const double start = processor_seconds();
        segmenter.segment(scan.view(), labels, {});
        seconds.push_back(processor_seconds() - start);
    }
    state.counters["kept"] = static_cast<double>(segmenter.points_seen());
    state.counters["cpu_us_a_kept_point"] =
        1e6 * median(seconds) / static_cast<double>(segmenter.points_seen());
}

BENCHMARK(network_and_gemm_limit)
    ->ArgsProduct({{0, 1, 2}, {1, 2}})
    ->Iterations(7)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(growing_scans)
    ->ArgsProduct({{5000, 20000, 80000, 200000}, {1, 2}})
    ->Iterations(5)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
