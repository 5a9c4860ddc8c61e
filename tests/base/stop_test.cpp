#include "base/stop.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace distillar::base {
namespace {

TEST(Stop, IsRequestedByASignalHandledOnAStackOfItsOwn) {
    struct sigaction before {};
    sigaction(SIGINT, nullptr, &before);
    stack_t stack_before{};
    sigaltstack(nullptr, &stack_before);
    install_stop_handlers();
    EXPECT_FALSE(stop_requested());
    struct sigaction installed {};
    sigaction(SIGINT, &before, &installed);
    EXPECT_TRUE(installed.sa_flags & SA_ONSTACK);
    stack_t stack{};
    sigaltstack(&stack_before, &stack);
    EXPECT_EQ(stack.ss_flags & SS_DISABLE, 0);
    EXPECT_GE(stack.ss_size, 1U << 15);
}

}  // namespace
}  // namespace distillar::base
