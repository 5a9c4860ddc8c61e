// What a training sample and an inference scan cost before the network, on real scans.
// Time: wall; CPU: of all threads together.
//   DISTILLAR_DATA=../shared/data bench-preprocess
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "base/random.hpp"
#include "formats/cloud.hpp"
#include "geometry/camera.hpp"
#include "geometry/neighbors.hpp"
#include "geometry/prepared_scan.hpp"
#include "geometry/voxel_grid.hpp"

namespace {

using namespace distillar;

enum Scene { kitti, nuscenes };

std::filesystem::path file_of(Scene scene) {
    const char* data = std::getenv("DISTILLAR_DATA");
    if (data == nullptr) {
        return {};
    }
    const std::filesystem::path root = data;
    if (scene == kitti) {
        return root / "semantickitti" / "sequences" / "00" / "velodyne" / "000000.bin";
    }
    for (const auto& file :
         std::filesystem::directory_iterator(root / "nuscenes" / "samples" / "LIDAR_TOP")) {
        return file.path();
    }
    return {};
}

/// The scan of the benchmark's argument; empty, and the benchmark skipped, without the data.
geometry::Scan scan_of(benchmark::State& state) {
    const auto file = file_of(static_cast<Scene>(state.range(0)));
    geometry::Scan scan;
    if (file.empty() || !std::filesystem::exists(file)) {
        state.SkipWithError("set DISTILLAR_DATA to the folder of real scans");
        return scan;
    }
    const formats::Cloud cloud = formats::read_cloud(file);
    scan.points = cloud.points.cast<float>();
    scan.intensity = cloud.intensity;
    state.SetLabel(state.range(0) == kitti ? "KITTI" : "nuScenes");
    return scan;
}

void voxel_grid(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    std::size_t kept = 0;
    for (auto _ : state) {
        kept = geometry::voxel_subsample(scan.points, 0.1F, nullptr).size();
    }
    state.counters["points"] = static_cast<double>(scan.points.rows());
    state.counters["kept"] = static_cast<double>(kept);
}

void random_voxel_grid(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    for (auto _ : state) {
        base::Random random(1, 2, 3);
        benchmark::DoNotOptimize(geometry::voxel_subsample(scan.points, 0.1F, &random));
    }
}

void field_of_view(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(geometry::inside(scan.points, {}));
    }
}

void cells_of_three_planes(benchmark::State& state) {
    const geometry::Sample sample = preprocess(scan_of(state), {}, nullptr, nullptr);
    const geometry::InputSpec spec;
    for (auto _ : state) {
        for (const auto& grid : spec.grids) {
            benchmark::DoNotOptimize(geometry::plane_cells(sample.coordinates, spec.fov, grid));
        }
    }
}

void neighbors_17(benchmark::State& state) {
    const geometry::Sample sample = preprocess(scan_of(state), {}, nullptr, nullptr);
    for (auto _ : state) {
        benchmark::DoNotOptimize(geometry::nearest_neighbors(sample.coordinates, 17));
    }
    state.counters["points"] = static_cast<double>(sample.size());
}

void back_to_all_points(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    const geometry::Sample sample = preprocess(scan, {}, nullptr, nullptr);
    for (auto _ : state) {
        if (sample.size() > 0) {
            benchmark::DoNotOptimize(geometry::nearest_kept(scan, sample));
        }
    }
}

/// As the deployment library does it, in kept memory.
void prepared(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    geometry::PreparedScan prepared;
    for (auto _ : state) {
        geometry::prepare(scan, {}, prepared);
    }
    state.counters["points"] = static_cast<double>(prepared.size());
}

void prepared_back_to_all_points(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    geometry::PreparedScan prepared;
    geometry::prepare(scan, {}, prepared);
    std::vector<std::int32_t> nearest;
    for (auto _ : state) {
        if (prepared.size() > 0) {
            geometry::nearest_kept(scan, prepared, nearest);
        }
    }
}

void projection(benchmark::State& state) {
    const geometry::Points points = scan_of(state).points.cast<double>();
    geometry::Camera camera{
        .width = 1241, .height = 376, .fx = 718, .fy = 718, .cx = 607, .cy = 185};
    camera.model = static_cast<geometry::CameraModel>(state.range(1));
    const auto pose = geometry::pose_from_rows({0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0}, "camera");
    for (auto _ : state) {
        benchmark::DoNotOptimize(project(points, camera, pose));
    }
}

void whole_validation(benchmark::State& state) {
    const geometry::Scan scan = scan_of(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(preprocess(scan, {}, nullptr, nullptr));
    }
}

void whole_training(benchmark::State& state, geometry::Augmentation::Order order) {
    const geometry::Scan scan = scan_of(state);
    geometry::Augmentation augmentation;
    augmentation.order = order;
    std::uint64_t index = 0;
    for (auto _ : state) {
        base::Random random(1, 2, index++);
        benchmark::DoNotOptimize(preprocess(scan, {}, &augmentation, &random));
    }
}

#define DISTILLAR_BENCH_SCANS(function) \
    BENCHMARK(function)                 \
        ->Arg(kitti)                    \
        ->Arg(nuscenes)                 \
        ->MeasureProcessCPUTime()       \
        ->Unit(benchmark::kMillisecond) \
        ->UseRealTime()

DISTILLAR_BENCH_SCANS(voxel_grid);
DISTILLAR_BENCH_SCANS(random_voxel_grid);
DISTILLAR_BENCH_SCANS(field_of_view);
DISTILLAR_BENCH_SCANS(cells_of_three_planes);
DISTILLAR_BENCH_SCANS(neighbors_17);
DISTILLAR_BENCH_SCANS(back_to_all_points);
DISTILLAR_BENCH_SCANS(prepared);
DISTILLAR_BENCH_SCANS(prepared_back_to_all_points);
BENCHMARK(projection)
    ->ArgsProduct({{kitti}, {0, 1, 2}})
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
DISTILLAR_BENCH_SCANS(whole_validation);
BENCHMARK_CAPTURE(whole_training, distillation, geometry::Augmentation::Order::distillation)
    ->Arg(kitti)
    ->Arg(nuscenes)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(whole_training, downstream, geometry::Augmentation::Order::downstream)
    ->Arg(kitti)
    ->Arg(nuscenes)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
