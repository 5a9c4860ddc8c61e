#pragma once
#include <cstddef>
#include <memory>

#include "base/function_ref.hpp"

namespace distillar::base {

/// Number of threads of the pool that parallel_for uses here (including the caller): the one of the
/// process, all cores by default, or that of the PoolScope this thread is in.
std::size_t thread_count();

/// Sets that of the process's pool; 0 means all cores. Not to be called while work runs.
void set_thread_count(std::size_t threads);

/// Calls body(begin, end) on chunks of [0, count), several at once, and waits. Chunk boundaries
/// depend only on `count` and `chunk`, never on the number of threads, so results that are combined
/// per chunk are the same bits for any number of threads. The first exception is rethrown here.
/// A call from inside the pool runs serially.
void parallel_for(std::size_t count, std::size_t chunk,
                  FunctionRef<void(std::size_t, std::size_t)> body);

/// Which thread of its pool this is: 0 for the caller of parallel_for, below thread_count(). For
/// scratch memory that each thread keeps.
std::size_t thread_index();

class Pool;

/// A pool of its own beside the process's: for a library inside a host program, which must not take
/// more threads than it was given. Threads wait between jobs and end with it.
class ThreadPool {
public:
    /// @param threads  including the caller; 0: all cores.
    /// @throws base::Error if the system starts no more threads.
    explicit ThreadPool(std::size_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

private:
    friend class PoolScope;
    std::unique_ptr<Pool> pool_;
};

/// While one lives, parallel_for on this thread uses the given pool, even inside another pool's
/// job.
class PoolScope {
public:
    explicit PoolScope(ThreadPool& pool);
    ~PoolScope();
    PoolScope(const PoolScope&) = delete;
    PoolScope& operator=(const PoolScope&) = delete;

private:
    Pool* pool_before_;
    bool inside_before_;
    std::size_t index_before_;
};

/// While one lives, parallel_for on this thread runs serially: for a read-ahead thread that works
/// beside the main one instead of queueing for its pool.
class SerialSection {
public:
    SerialSection();
    ~SerialSection();
    SerialSection(const SerialSection&) = delete;
    SerialSection& operator=(const SerialSection&) = delete;

private:
    bool before_;
};

}  // namespace distillar::base
