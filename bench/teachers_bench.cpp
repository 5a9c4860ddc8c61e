// The image teachers' networks, random weights, one image: DINOv2 ViT-S/14 at 224 x 448, ESPNetv2
// (scale 2.0) at 512 x 1024. Time: wall; cpu_s: processor seconds of all threads, median.
// LibTorch's OpenMP threads spin while they wait: on a busy machine compare under passive waiting.
//   OMP_WAIT_POLICY=passive bench-teachers
#include <benchmark/benchmark.h>

#include <algorithm>
#include "base/thread_pool.hpp"
#include "kernels/packed_product.hpp"
#include "models/dinov2.hpp"
#include "models/dinov2_inference.hpp"
#include "models/espnetv2.hpp"
#include "timing.hpp"

namespace {

using namespace distillar;
using bench::median;
using bench::processor_seconds;

template <typename Forward>
void measure(benchmark::State& state, const Forward& forward) {
    const torch::NoGradGuard no_grad;
    forward();
    std::vector<double> seconds;
    for (auto _ : state) {
        const double start = processor_seconds();
        forward();
        seconds.push_back(processor_seconds() - start);
    }
    state.counters["cpu_s"] = median(seconds);
}

/// ViT-S/14: 384 channels, 12 blocks, 6 heads.
std::shared_ptr<models::DinoV2> vit_small() {
    torch::manual_seed(1);
    models::DinoV2Config config;
    config.dim = 384;
    config.depth = 12;
    config.heads = 6;
    auto network = std::make_shared<models::DinoV2>(config);
    network->eval();
    return network;
}

/// Through LibTorch's modules: what a GPU runs, and the twin.
void dinov2_modules(benchmark::State& state) {
    const auto network = vit_small();
    const torch::Tensor image = torch::rand({1, 3, 224, 448});
    measure(state, [&] { network->forward(image); });
}

/// As the teacher runs it on the CPU. Argument: 0 fp32, 1 bf16.
void dinov2(benchmark::State& state) {
    const bool bf16 = state.range(0) == 1;
    if (bf16 && !kernels::has_bf16()) {
        state.SkipWithError("this processor has no AVX512-BF16");
        return;
    }
    const auto network = vit_small();
    const models::DinoV2Inference inference(
        *network, 1 + 16 * 32, bf16 ? models::Precision::bf16 : models::Precision::fp32);
    const torch::Tensor image = torch::rand({1, 3, 224, 448});
    measure(state, [&] { network->finish(inference.run(network->embed(image))); });
    state.SetLabel(bf16 ? "bf16" : "fp32");
}

void espnetv2(benchmark::State& state) {
    torch::manual_seed(1);
    models::EspNetV2 network(models::EspNetV2Config{});
    network.eval();
    const torch::Tensor image = torch::rand({1, 3, 512, 1024});
    measure(state, [&] { benchmark::DoNotOptimize(network.forward(image).logits()); });
}

BENCHMARK(dinov2_modules)->Iterations(9)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(dinov2)->Arg(0)->Arg(1)->Iterations(9)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(espnetv2)->Iterations(9)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
    at::set_num_threads(static_cast<int>(base::thread_count()));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
