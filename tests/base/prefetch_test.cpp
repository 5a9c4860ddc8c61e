#include "base/prefetch.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/data.hpp"

namespace distillar::base {
namespace {

TEST(Prefetch, ItemsComeInOrder) {
    Prefetch<std::int64_t> items(3, 50, [](std::int64_t step) { return step * step; });
    for (std::int64_t step = 3; step < 50; ++step) {
        EXPECT_EQ(items.next(), step * step);
    }
    EXPECT_EQ(items.next(), std::nullopt);
}

TEST(Prefetch, AnErrorComesOutAtItsStep) {
    Prefetch<std::int64_t> items(0, 10, [](std::int64_t step) {
        if (step == 4) {
            throw std::runtime_error("step 4 is broken");
        }
        return step;
    });
    for (std::int64_t step = 0; step < 4; ++step) {
        EXPECT_EQ(items.next(), step);
    }
    EXPECT_EQ(test::error_of([&] { items.next(); }), "step 4 is broken");
}

TEST(Prefetch, MayBeLeftBeforeItsEnd) {
    Prefetch<std::int64_t> items(0, 1000000, [](std::int64_t step) { return step; });
    EXPECT_EQ(items.next(), 0);
}

}  // namespace
}  // namespace distillar::base
