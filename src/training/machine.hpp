#pragma once
/// training: stages (pretrain, probe, train), schedules, checkpoints, prediction.

namespace distillar::training {

/// Gives LibTorch as many threads as the pool has, and warns once if its matrix product is slow
/// (under 20 GFLOP/s: the reference BLAS is in use instead of OpenBLAS).
void set_up_machine();

/// GFLOP/s of a 512 x 512 x 512 float32 product: the best of up to 30 tries, ended by one
/// that is fast enough.
double measure_gemm();

}  // namespace distillar::training
