// The deployment runtime on the pinned case: stages, and the network against the GEMM limit, that
// is the network's own 1x1 products (shape and number as they occur) by oneDNN alone, alternating
// with the network in the same run. Random weights. Arguments: precision (0 fp32, 1 bf16), threads.
//   DISTILLAR_DATA=../shared/data bench-runtime
//   DISTILLAR_MODEL=model.safetensors DISTILLAR_SCANS=folder bench-runtime --benchmark_filter=bf16
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "geometry/prepared_scan.hpp"
#include "pinned_case.hpp"
#include "runtime/random_model.hpp"
#include "runtime/segmenter.hpp"

namespace {

using namespace distillar;
using kernels::PackedProduct;
using kernels::ProductShape;

/// Processor seconds of all threads together: on a shared machine wall time says little.
double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

std::shared_ptr<const runtime::Model> model_of(runtime::Precision precision) {
    static std::shared_ptr<const runtime::Model> models[2];
    auto& model = models[precision == runtime::Precision::bf16 ? 1 : 0];
    if (!model) {
        model = std::make_shared<const runtime::Model>(
            runtime::random_model(bench::pinned_model(), 1), "random weights", precision);
    }
    return model;
}

/// The products: 2 a layer, 16 + 1 (of twice the width: 2) of the embedding, all C x C here.
class GemmLimit {
public:
    GemmLimit(std::size_t points, runtime::Precision precision, std::size_t threads)
        : share_((points + threads - 1) / threads),
          threads_(threads),
          products_(2 * model_of(precision)->network().layers() + 16 + 2) {
        const std::size_t channels = model_of(precision)->network().channels();
        ProductShape shape{share_, channels, channels};
        if (precision == runtime::Precision::bf16) {
            shape.source = shape.result = ProductShape::Format::bf16;
        }
        const std::vector<float> weight(channels * channels, 0.01F);
        for (std::size_t i = 0; i < products_; ++i) {
            packed_.emplace_back(shape, weight.data(), nullptr);
        }
        for (std::size_t i = 0; i < threads; ++i) {
            for (int buffer = 0; buffer < 2; ++buffer) {
                buffers_.emplace_back(share_ * channels);
                buffers_.back().zero();
            }
            scratch_.emplace_back(packed_.front().scratchpad_floats());
        }
        flops_ = 2.0 * static_cast<double>(points * channels * channels * products_);
    }

    void run() {
        for (std::size_t i = 0; i < products_; ++i) {
            base::parallel_for(threads_, 1, [&](std::size_t part, std::size_t) {
                packed_[i].run(buffers_[2 * part + i % 2].data(),
                               buffers_[2 * part + 1 - i % 2].data(), scratch_[part].data());
            });
        }
    }

    double flops() const { return flops_; }

private:
    std::size_t share_, threads_, products_;
    std::vector<PackedProduct> packed_;
    std::vector<kernels::Buffer> buffers_, scratch_;
    double flops_ = 0;
};

bool skipped(benchmark::State& state, runtime::Precision precision) {
    if (precision == runtime::Precision::bf16 && !kernels::has_bf16()) {
        state.SkipWithError("this processor has no AVX512-BF16");
        return true;
    }
    return false;
}

struct Prepared {
    geometry::PreparedScan sample;
    std::vector<kernels::PlaneTable> planes;
    runtime::NetworkInput input;

    Prepared() {
        const auto scan = bench::pinned_scan();
        const auto description = bench::pinned_model();
        runtime::CloudPoints read;
        runtime::read_cloud(scan.view(), read);
        geometry::prepare({geometry::points_of(read.xyz), read.intensity, {}, 0}, description.input,
                          sample);
        for (std::size_t i = 0; i < sample.cells.size(); ++i) {
            const auto& grid = description.input.grids[i];
            planes.push_back(kernels::make_plane_table(sample.cells[i], grid.rows, grid.columns));
        }
        input = {sample.size(), sample.features.data(), sample.neighbors.data(), 16, planes};
    }
};

void network_and_gemm_limit(benchmark::State& state) {
    const auto precision = static_cast<runtime::Precision>(state.range(0));
    if (skipped(state, precision)) {
        return;
    }
    const auto threads = static_cast<std::size_t>(state.range(1));
    base::ThreadPool pool(threads);
    const base::PoolScope scope(pool);
    const Prepared prepared;
    const auto& network = model_of(precision)->network();
    GemmLimit limit(prepared.input.points, precision, threads);
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

void stages(benchmark::State& state) {
    const auto precision = static_cast<runtime::Precision>(state.range(0));
    if (skipped(state, precision)) {
        return;
    }
    const auto scan = bench::pinned_scan();
    runtime::SegmenterOptions options;
    options.threads = static_cast<std::size_t>(state.range(1));
    runtime::Segmenter segmenter(model_of(precision), options);
    const std::size_t points = scan.values.size() / 4;
    std::vector<std::uint8_t> labels(points);
    std::vector<float> confidence(points);
    std::vector<double> read, preprocess, network, project, total;
    for (auto _ : state) {
        segmenter.segment(scan.view(), labels, confidence);
        const auto& times = segmenter.times();
        read.push_back(1e3 * times.read);
        preprocess.push_back(1e3 * times.preprocess);
        network.push_back(1e3 * times.network);
        project.push_back(1e3 * times.project);
        total.push_back(1e3 * (times.read + times.preprocess + times.network + times.project));
    }
    state.counters["read_ms"] = median(read);
    state.counters["preprocess_ms"] = median(preprocess);
    state.counters["network_ms"] = median(network);
    state.counters["project_ms"] = median(project);
    state.counters["total_ms"] = median(total);
    state.SetLabel(scan.name);
}

void load_scan(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(bench::pinned_scan());
    }
    state.SetLabel(bench::pinned_scan().name);
}

/// Labels of bf16 that are those of fp32, for a trained model and a folder of scans
/// (DISTILLAR_MODEL, DISTILLAR_SCANS), or else the pinned case, whose random weights decide many
/// points by less than a trained network's.
void bf16_agreement(benchmark::State& state) {
    if (skipped(state, runtime::Precision::bf16)) {
        return;
    }
    const char* model_file = std::getenv("DISTILLAR_MODEL");
    const char* folder = std::getenv("DISTILLAR_SCANS");
    const bool trained = model_file != nullptr && folder != nullptr;
    std::vector<bench::BenchScan> scans;
    if (trained) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            scans.push_back(bench::scan_of(entry.path()));
        }
    } else {
        scans.push_back(bench::pinned_scan());
    }
    const auto load = [&](runtime::Precision precision) {
        return trained ? runtime::Model::load(model_file, precision) : model_of(precision);
    };
    runtime::Segmenter exact(load(runtime::Precision::fp32), {});
    runtime::Segmenter rounded(load(runtime::Precision::bf16), {});
    std::size_t same = 0, all = 0;
    for (auto _ : state) {
        for (const auto& scan : scans) {
            const std::size_t points = scan.values.size() / 4;
            std::vector<std::uint8_t> expected(points), labels(points);
            exact.segment(scan.view(), expected, {});
            rounded.segment(scan.view(), labels, {});
            for (std::size_t i = 0; i < points; ++i) {
                same += labels[i] == expected[i] ? 1 : 0;
            }
            all += points;
        }
    }
    state.counters["same_percent"] = 100.0 * static_cast<double>(same) / static_cast<double>(all);
    state.counters["points"] = static_cast<double>(all);
    state.SetLabel(trained ? model_file : scans.front().name + ", random weights");
}

/// The whole as scans grow, per point: a street of one density, longer and longer; 6 layers.
void growing_scans(benchmark::State& state) {
    auto description = bench::pinned_model();
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

BENCHMARK(load_scan)->Unit(benchmark::kMillisecond);
BENCHMARK(stages)
    ->ArgsProduct({{0, 1}, {1, 2}})
    ->Iterations(7)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(network_and_gemm_limit)
    ->ArgsProduct({{0, 1}, {1, 2}})
    ->Iterations(7)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(growing_scans)
    ->ArgsProduct({{5000, 20000, 80000, 200000}, {1, 2}})
    ->Iterations(5)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(bf16_agreement)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
