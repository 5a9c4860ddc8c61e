#pragma once

namespace distillar::models {

/// Sets the number of threads of LibTorch and of the OpenBLAS under it, which does not ask LibTorch
/// and takes all cores. Without OpenBLAS: of LibTorch alone.
void set_threads(int count);

}  // namespace distillar::models
