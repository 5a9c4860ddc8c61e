#include "models/threads.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "models/torch.hpp"

namespace distillar::models {
namespace {

TEST(Threads, SetThoseOfTheBlasToo) {
    using Threads = int (*)();
    const auto of_blas = reinterpret_cast<Threads>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
    const int before = torch::get_num_threads();
    for (const int count : {1, 2}) {
        set_threads(count);
        EXPECT_EQ(torch::get_num_threads(), count);
        if (of_blas) {
            EXPECT_EQ(of_blas(), count);
        }
    }
    set_threads(before);
    if (!of_blas) {
        GTEST_SKIP() << "LibTorch's BLAS is not OpenBLAS";
    }
}

}  // namespace
}  // namespace distillar::models
