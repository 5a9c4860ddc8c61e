// Forward and backward of WaffleIron on 2 x 20,000 points, grids 256x256, 256x32, 256x32 at 0.5 m.
//   bench-waffleiron --benchmark_filter=64/9
#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "base/thread_pool.hpp"
#include "geometry/batch.hpp"
#include "geometry/preprocess.hpp"
#include "models/operations.hpp"
#include "models/torch.hpp"
#include "models/waffleiron.hpp"

namespace {

using namespace distillar;

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
BENCHMARK(tables)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
    at::set_num_threads(static_cast<int>(base::thread_count()));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
