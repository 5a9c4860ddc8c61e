#include "base/thread_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/data.hpp"

namespace distillar::base {
namespace {

class ThreadPool : public testing::Test {
protected:
    ~ThreadPool() override { set_thread_count(0); }
};

TEST_F(ThreadPool, EveryIndexIsVisitedOnce) {
    for (const std::size_t threads : {1u, 2u, 5u}) {
        set_thread_count(threads);
        EXPECT_EQ(thread_count(), threads);
        for (const std::size_t count : {0u, 1u, 7u, 64u, 1000u}) {
            for (const std::size_t chunk : {0u, 1u, 3u, 64u, 5000u}) {
                std::vector<std::atomic<int>> visits(count);
                parallel_for(count, chunk, [&](std::size_t begin, std::size_t end) {
                    EXPECT_LT(begin, end);
                    for (std::size_t i = begin; i < end; ++i) {
                        ++visits[i];
                    }
                });
                for (const auto& visit : visits) {
                    ASSERT_EQ(visit, 1);
                }
            }
        }
    }
}

TEST_F(ThreadPool, ChunksDependOnCountAndChunkOnly) {
    std::set<std::pair<std::size_t, std::size_t>> expected;
    for (const std::size_t threads : {1u, 2u, 3u, 8u}) {
        set_thread_count(threads);
        std::set<std::pair<std::size_t, std::size_t>> chunks;
        std::mutex mutex;
        parallel_for(1003, 100, [&](std::size_t begin, std::size_t end) {
            const std::scoped_lock lock(mutex);
            chunks.emplace(begin, end);
        });
        EXPECT_EQ(chunks.size(), 11u);
        if (threads == 1) {
            expected = chunks;
        }
        EXPECT_EQ(chunks, expected) << threads;
    }
}

TEST_F(ThreadPool, SumsPerChunkAreTheSameBitsForAnyNumberOfThreads) {
    const auto sum = [] {
        std::vector<float> partial(100);
        parallel_for(10'000, 100, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                partial[begin / 100] += std::sin(static_cast<float>(i));
            }
        });
        float total = 0;
        for (const float part : partial) {
            total += part;
        }
        return total;
    };
    set_thread_count(1);
    const float expected = sum();
    for (const std::size_t threads : {2u, 3u, 8u}) {
        set_thread_count(threads);
        for (int round = 0; round < 20; ++round) {
            EXPECT_EQ(sum(), expected) << threads;
        }
    }
}

TEST_F(ThreadPool, ExceptionsReachTheCallerAndThePoolLivesOn) {
    for (const std::size_t threads : {1u, 4u}) {
        set_thread_count(threads);
        for (int round = 0; round < 20; ++round) {
            try {
                parallel_for(1000, 1, [](std::size_t begin, std::size_t) {
                    if (begin == 500) {
                        throw std::runtime_error("chunk 500");
                    }
                });
                FAIL() << "no exception";
            } catch (const std::runtime_error& error) {
                EXPECT_STREQ(error.what(), "chunk 500");
            }
            std::atomic<int> visits{0};
            parallel_for(100, 1, [&](std::size_t, std::size_t) { ++visits; });
            EXPECT_EQ(visits, 100);
        }
    }
}

TEST_F(ThreadPool, NestedCallsRunSerially) {
    set_thread_count(4);
    std::atomic<int> visits{0};
    parallel_for(16, 1, [&](std::size_t, std::size_t) {
        const auto outer = std::this_thread::get_id();
        parallel_for(50, 1, [&](std::size_t, std::size_t) {
            EXPECT_EQ(std::this_thread::get_id(), outer);
            ++visits;
        });
    });
    EXPECT_EQ(visits, 800);
    const auto fail = [](std::size_t, std::size_t) { throw std::runtime_error("inner"); };
    EXPECT_EQ(test::error_of([&] {
                  parallel_for(4, 1, [&](std::size_t, std::size_t) { parallel_for(4, 1, fail); });
              }),
              "inner");
}

TEST_F(ThreadPool, CallersFromSeveralThreadsTakeTurns) {
    set_thread_count(3);
    std::vector<std::thread> callers;
    std::atomic<int> visits{0};
    for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                parallel_for(20, 1, [&](std::size_t, std::size_t) { ++visits; });
            }
        });
    }
    for (auto& caller : callers) {
        caller.join();
    }
    EXPECT_EQ(visits, 4 * 50 * 20);
}

TEST_F(ThreadPool, SerialSectionKeepsWorkOnItsThread) {
    set_thread_count(4);
    const auto here = std::this_thread::get_id();
    {
        const SerialSection serial;
        { const SerialSection inner; }
        parallel_for(
            100, 1, [&](std::size_t, std::size_t) { EXPECT_EQ(std::this_thread::get_id(), here); });
    }
    // Afterwards others help again: two chunks that wait for each other need two threads.
    std::atomic<int> arrived{0};
    parallel_for(2, 1, [&](std::size_t, std::size_t) {
        ++arrived;
        while (arrived < 2) {
            std::this_thread::yield();
        }
    });
    EXPECT_EQ(arrived, 2);
}

TEST_F(ThreadPool, ZeroMeansAllCores) {
    set_thread_count(3);
    set_thread_count(0);
    EXPECT_EQ(thread_count(), std::max(1u, std::thread::hardware_concurrency()));
}

TEST_F(ThreadPool, AScopeHasThreadsOfItsOwnEvenInsideAnotherPoolsJob) {
    set_thread_count(2);
    base::ThreadPool three(3);
    base::ThreadPool one(1);
    parallel_for(2, 1, [&](std::size_t, std::size_t) {
        const PoolScope scope(three);
        EXPECT_EQ(thread_count(), 3U);
        EXPECT_EQ(thread_index(), 0U);
        {
            const PoolScope inner(one);
            const auto here = std::this_thread::get_id();
            parallel_for(50, 1, [&](std::size_t, std::size_t) {
                EXPECT_EQ(std::this_thread::get_id(), here);
            });
        }
        EXPECT_EQ(thread_count(), 3U);
    });
    EXPECT_EQ(thread_count(), 2U);
    const PoolScope scope(three);  // three chunks that wait for each other need three threads
    std::atomic<int> arrived{0};
    std::mutex mutex;
    std::set<std::size_t> indices;
    parallel_for(3, 1, [&](std::size_t, std::size_t) {
        ++arrived;
        while (arrived < 3) {
            std::this_thread::yield();
        }
        const std::scoped_lock lock(mutex);
        indices.insert(thread_index());
    });
    EXPECT_EQ(indices, (std::set<std::size_t>{0, 1, 2}));
}

}  // namespace
}  // namespace distillar::base
