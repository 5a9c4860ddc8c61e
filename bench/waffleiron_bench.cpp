// Forward and backward of WaffleIron on 2 x 20,000 points, grids 256x256, 256x32, 256x32 at 0.5 m.
//   bench-waffleiron --benchmark_filter=64/9
// One training step of the pinned case, activations stored (0) or recomputed (1). One a process:
// what an earlier benchmark freed is part of a later one's memory.
//   DISTILLAR_DATA=../shared/data bench-waffleiron --benchmark_filter=pinned_train_step/0
#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "base/thread_pool.hpp"
#include "geometry/batch.hpp"
#include "geometry/preprocess.hpp"
#include "losses/segmentation.hpp"
#include "models/described.hpp"
#include "models/operations.hpp"
#include "models/torch.hpp"
#include "models/waffleiron.hpp"
#include "pinned_case.hpp"
#include "runtime/measure/gemm_limit.hpp"
#include "runtime/measure/peak_memory.hpp"
#include "runtime/measure/pinned_model.hpp"
#include "timing.hpp"
#include "training/optimiser.hpp"

namespace {

using namespace distillar;
using bench::median;
using bench::processor_seconds;

/// A street as a 64-beam lidar 1.8 m above it sees it: ground, two rows of walls, boxes.
geometry::Scan street(std::uint64_t seed) {
    base::Random random(seed, 0, 0);
    std::vector<std::array<double, 3>> boxes;
    for (int i = 0; i < 40; ++i) {
        boxes.push_back({random.uniform(-50, 50), random.uniform(-12, 12), random.uniform(0.3, 2)});
    }
    std::vector<std::array<double, 3>> points;
    for (int beam = 0; beam < 64; ++beam) {
        const double elevation = (-25.0 + 28.0 * beam / 63) * std::numbers::pi / 180;
        for (int step = 0; step < 1800; ++step) {
            const double azimuth = 2 * std::numbers::pi * step / 1800;
            const double dx = std::cos(elevation) * std::cos(azimuth);
            const double dy = std::cos(elevation) * std::sin(azimuth);
            const double dz = std::sin(elevation);
            double range = dz < 0 ? -1.8 / dz : 1e9;
            range = std::min(range, std::abs((dy > 0 ? 14.0 : 11.0) / dy));
            for (const auto& [x, y, radius] : boxes) {
                const double along = x * dx + y * dy;
                const double across = std::abs(x * dy - y * dx);
                if (along > 0 && across < radius && along * dz > -1.8 && along * dz < 0) {
                    range = std::min(range, along);
                }
            }
            range += 0.02 * random.normal();
            if (range < 80) {
                points.push_back({range * dx, range * dy, range * dz});
            }
        }
    }
    geometry::Scan scan;
    scan.points.resize(static_cast<Eigen::Index>(points.size()), 3);
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (int axis = 0; axis < 3; ++axis) {
            scan.points(static_cast<Eigen::Index>(i), axis) =
                static_cast<float>(points[i][static_cast<std::size_t>(axis)]);
        }
        scan.intensity.push_back(static_cast<float>(random.uniform()));
    }
    return scan;
}

models::TorchBatch batch_of(int scans) {
    const geometry::InputSpec spec;
    geometry::Augmentation augmentation;
    std::vector<geometry::Sample> samples;
    for (int i = 0; i < scans; ++i) {
        const auto seed = static_cast<std::uint64_t>(i);
        base::Random random(seed, 1, 0);
        samples.push_back(geometry::preprocess(street(seed), spec, &augmentation, &random));
    }
    std::vector<const geometry::Sample*> pointers;
    for (const auto& sample : samples) {
        pointers.push_back(&sample);
    }
    return models::to_torch(geometry::make_batch(pointers, spec.grids));
}

models::WaffleIronConfig config_of(const benchmark::State& state) {
    models::WaffleIronConfig config;
    config.channels = static_cast<int>(state.range(0));
    config.depth = static_cast<int>(state.range(1));
    config.norm = state.range(2) == 0 ? models::Norm::layer : models::Norm::batch;
    config.activation = state.range(3) == 0 ? models::Activation::relu : models::Activation::gelu;
    return config;
}

void describe(benchmark::State& state, const models::TorchBatch& batch) {
    state.counters["points"] = static_cast<double>(batch.features.size(0));
    for (std::size_t i = 0; i < batch.planes.size(); ++i) {
        const std::string name = "cells" + std::to_string(i);
        state.counters[name] = static_cast<double>(batch.planes[i]->occupied);
        state.counters[name + "+halo"] = static_cast<double>(batch.planes[i]->reached);
    }
}

void train_step(benchmark::State& state) {
    torch::manual_seed(1);
    const models::TorchBatch batch = batch_of(2);
    models::WaffleIron network(config_of(state));
    const torch::Tensor gradient = torch::randn({batch.features.size(0), state.range(0)});
    for (auto _ : state) {
        network.forward(batch).backward(gradient);
        network.zero_grad();
    }
    describe(state, batch);
}

/// The same on plain LibTorch operations: what the kernels are measured against.
void train_step_plain(benchmark::State& state) {
    models::set_plain_operations(true);
    train_step(state);
    models::set_plain_operations(false);
}

void inference(benchmark::State& state) {
    torch::manual_seed(1);
    const models::TorchBatch batch = batch_of(2);
    models::WaffleIron network(config_of(state));
    network.eval();
    const torch::NoGradGuard no_grad;
    for (auto _ : state) {
        benchmark::DoNotOptimize(network.forward(batch));
    }
    describe(state, batch);
}

void embedding(benchmark::State& state) {
    torch::manual_seed(1);
    const models::TorchBatch batch = batch_of(2);
    models::WaffleIron network(config_of(state));
    const torch::Tensor gradient = torch::randn({batch.features.size(0), state.range(0)});
    for (auto _ : state) {
        network.embed(batch).backward(gradient);
        network.zero_grad();
    }
}

/// Forward and backward of the Lovasz loss on a whole scan.
void lovasz(benchmark::State& state) {
    torch::manual_seed(7);
    const auto logits = torch::randn({80'000, 20}).requires_grad_();
    const auto labels = torch::randint(0, 20, {80'000}, torch::kInt64);
    for (auto _ : state) {
        losses::lovasz_softmax(logits, labels).backward();
    }
}

void tables(benchmark::State& state) {
    const geometry::InputSpec spec;
    base::Random random(0, 1, 0);
    geometry::Augmentation augmentation;
    const auto sample = geometry::preprocess(street(0), spec, &augmentation, &random);
    const auto batch = geometry::make_batch({&sample, &sample}, spec.grids);
    for (auto _ : state) {
        benchmark::DoNotOptimize(models::to_torch(batch));
    }
}

models::TorchBatch pinned_batch(const formats::ModelDescription& description) {
    const auto sample =
        geometry::preprocess(bench::pinned_scan().scan(), description.input, nullptr, nullptr);
    return models::to_torch(geometry::make_batch({&sample}, description.input.grids));
}

/// 0 where the system does not say.
double peak_mb() {
    return static_cast<double>(runtime::peak_memory().value_or(0)) / (1 << 20);
}

/// The pinned training case: WaffleIron-12-256 on the pinned scan, linear head, cross-entropy,
/// AdamW. peak_MB: the process's peak resident memory over all steps, less what it held before the
/// network was made; process_MB: that peak itself. limit_s: the products of C x C maps alone, 6 a
/// layer (2 forward, 4 backward), 16 + 3 of the embedding (whose backward pass is sparse), by
/// oneDNN, taking turns with the steps. step_s and limit_s: processor seconds of all threads.
void pinned_train_step(benchmark::State& state) {
    const bool recompute = state.range(0) == 1;
    auto description = runtime::pinned_model(256, 12);
    description.head.kind = "linear";
    const models::TorchBatch batch = pinned_batch(description);
    const std::int64_t points = batch.features.size(0);
    torch::manual_seed(1);
    const torch::Tensor labels = torch::randint(0, description.head.outputs, {points});
    runtime::GemmLimit limit(static_cast<std::size_t>(6 * description.backbone.depth + 16 + 3),
                             static_cast<std::size_t>(description.backbone.channels),
                             runtime::Precision::fp32, static_cast<std::size_t>(points),
                             base::thread_count());
    limit.run();
    runtime::reset_peak_memory();
    const double before = peak_mb();
    const auto network = models::build_network(description, 0, recompute);
    network->train();
    training::AdamW optimiser(training::trained_parameters(*network), {});
    const auto step = [&] {
        const torch::Tensor loss = losses::segmentation(network->forward(batch), labels, 0);
        optimiser.zero_gradients();
        loss.backward();
        optimiser.step(1);
    };
    step();
    std::vector<double> ours, alone;
    for (auto _ : state) {
        const double start = processor_seconds();
        step();
        const double end = processor_seconds();
        state.PauseTiming();
        limit.run();
        state.ResumeTiming();
        ours.push_back(end - start);
        alone.push_back(processor_seconds() - end);
    }
    const double peak = peak_mb();
    state.counters["points"] = static_cast<double>(points);
    state.counters["step_s"] = median(ours);
    state.counters["limit_s"] = median(alone);
    state.counters["share"] = median(alone) / median(ours);
    state.counters["peak_MB"] = peak - before;
    state.counters["process_MB"] = peak;
    state.SetLabel(recompute ? "recomputed" : "stored");
}

// channels, depth, norm (0 layer, 1 batch), activation (0 relu, 1 gelu)
BENCHMARK(train_step)
    ->Args({64, 9, 0, 0})
    ->Args({64, 9, 0, 1})
    ->Args({64, 9, 1, 0})
    ->Args({256, 12, 0, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(train_step_plain)
    ->Args({64, 9, 0, 0})
    ->Args({256, 12, 0, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(inference)
    ->Args({64, 9, 0, 0})
    ->Args({256, 12, 0, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(embedding)
    ->Args({64, 9, 0, 0})
    ->Args({256, 12, 0, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(pinned_train_step)
    ->Arg(0)
    ->Arg(1)
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(lovasz)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(tables)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
    at::set_num_threads(static_cast<int>(base::thread_count()));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
