#pragma once
/// training: stages (pretrain, probe, train, adapt), schedules, checkpoints, prediction.

namespace distillar::training {

/// Gives LibTorch and its BLAS as many threads as the pool has, and warns if the matrix product is
/// slow (under 10 GFLOP/s on one thread: the reference BLAS is in use instead of OpenBLAS). For
/// commands that run a network.
void set_up_machine();

/// GFLOP/s of a 512 x 512 x 512 float32 product on one thread: the best of up to ten tries, ended
/// by one that is fast enough.
double measure_gemm();

}  // namespace distillar::training
