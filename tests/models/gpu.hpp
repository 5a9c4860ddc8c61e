#pragma once
#include <gtest/gtest.h>
#include <torch/cuda.h>

/// Tests that need a GPU skip themselves where LibTorch sees none.
#define DISTILLAR_GPU_OR_SKIP()                                       \
    if (!torch::cuda::is_available()) {                               \
        GTEST_SKIP() << "this LibTorch sees no GPU: not tested here"; \
    }                                                                 \
    static_assert(true)
