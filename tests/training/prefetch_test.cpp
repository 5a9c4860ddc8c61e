#include "training/prefetch.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace distillar::training {
namespace {

TEST(Prefetch, items_come_in_order) {
    Prefetch<std::int64_t> items(3, 50, [](std::int64_t step) { return step * step; });
    for (std::int64_t step = 3; step < 50; ++step) {
        EXPECT_EQ(items.next(), step * step);
    }
}

TEST(Prefetch, an_error_comes_out_at_its_step) {
    Prefetch<std::int64_t> items(0, 10, [](std::int64_t step) {
        if (step == 4) {
            throw std::runtime_error("step 4 is broken");
        }
        return step;
    });
    for (std::int64_t step = 0; step < 4; ++step) {
        EXPECT_EQ(items.next(), step);
    }
    EXPECT_THROW(items.next(), std::runtime_error);
}

TEST(Prefetch, may_be_left_before_its_end) {
    Prefetch<std::int64_t> items(0, 1000000, [](std::int64_t step) { return step; });
    EXPECT_EQ(items.next(), 0);
}

}  // namespace
}  // namespace distillar::training
