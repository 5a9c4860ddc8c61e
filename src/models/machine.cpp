#include "models/machine.hpp"

#include <torch/cuda.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/thread_pool.hpp"
#include "models/threads.hpp"
#include "models/torch.hpp"

namespace distillar::models {

namespace {

constexpr double slow_gemm = 10;  // GFLOP/s; OpenBLAS reaches 5 to 10 times this on one core

}  // namespace

double measure_gemm() {
    constexpr int size = 512;
    const torch::Tensor a = torch::ones({size, size});
    const torch::Tensor b = torch::ones({size, size});
    torch::Tensor c = torch::mm(a, b);
    double best = 0;
    for (int i = 0; i < 10 && best < slow_gemm; ++i) {  // other programs may have the cores
        const auto start = std::chrono::steady_clock::now();
        torch::mm_out(c, a, b);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        best = std::max(best, 2e-9 * size * size * size / seconds.count());
    }
    return best;
}

void set_up_machine() {
    set_threads(1);  // threads that wait for each other on a busy machine look slow
    const double speed = measure_gemm();
    set_threads(static_cast<int>(base::thread_count()));
    if (speed < slow_gemm) {
        spdlog::warn(
            "matrix products run at {:.0f} GFLOP/s, far below this machine's ability; install "
            "OpenBLAS (apt-get install libopenblas0-pthread)",
            speed);
    }
}

torch::Device device_named(const std::string& name) {
    if (name != "cpu" && name != "cuda") {
        base::fail("device '{}' is not one of: cpu, cuda", name);
    }
    if (name == "cuda" && !torch::cuda::is_available()) {
        base::fail("device 'cuda' was asked for, but this LibTorch sees no GPU; use --device cpu");
    }
    return torch::Device(name == "cuda" ? torch::kCUDA : torch::kCPU);
}

}  // namespace distillar::models
