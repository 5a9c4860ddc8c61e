#pragma once
#include <string>

#include "models/torch.hpp"

namespace distillar::models {

/// Gives LibTorch and its BLAS as many threads as the pool has, and warns if the matrix product is
/// slow (under 10 GFLOP/s on one thread: the reference BLAS is in use instead of OpenBLAS). For
/// commands that run a network.
void set_up_machine();

/// GFLOP/s of a 512 x 512 x 512 float32 product on one thread: the best of up to ten tries, ended
/// by one that is fast enough.
double measure_gemm();

/// @param name  "cpu" or "cuda". @throws base::Error for any other, or if there is no GPU.
torch::Device device_named(const std::string& name);

}  // namespace distillar::models
