#include "base/thread_pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace distillar::base {

namespace {

using Body = FunctionRef<void(std::size_t, std::size_t)>;

thread_local bool inside_pool = false;
thread_local std::size_t index_in_pool = 0;
thread_local Pool* scoped_pool = nullptr;

struct Job {
    std::size_t count;
    std::size_t chunk;
    Body body;
    std::size_t next = 0;
    std::size_t running = 0;
    std::exception_ptr error;
};

}  // namespace

class Pool {
public:
    explicit Pool(std::size_t threads) {
        try {
            for (std::size_t i = 1; i < threads; ++i) {
                workers_.emplace_back([this, i] {
                    index_in_pool = i;
                    work();
                });
            }
        } catch (...) {  // threads that still run must not be destroyed
            stop();
            throw;
        }
    }

    ~Pool() { stop(); }

    std::size_t size() const { return workers_.size() + 1; }

    void run(Job& job) {
        const std::scoped_lock one_job(job_mutex_);
        std::unique_lock lock(mutex_);
        job_ = &job;
        wake_.notify_all();
        drain(job, lock);
        done_.wait(lock, [&] { return job.running == 0; });
        job_ = nullptr;
    }

private:
    void stop() {
        {
            const std::scoped_lock lock(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        for (auto& worker : workers_) {
            worker.join();
        }
    }

    /// Takes chunks until none is left; the lock is held except while a chunk runs.
    void drain(Job& job, std::unique_lock<std::mutex>& lock) {
        while (job.next < job.count && !job.error) {
            const std::size_t begin = job.next;
            const std::size_t end = std::min(job.count, begin + job.chunk);
            job.next = end;
            ++job.running;
            lock.unlock();
            std::exception_ptr error;
            inside_pool = true;
            try {
                job.body(begin, end);
            } catch (...) {
                error = std::current_exception();
            }
            inside_pool = false;
            lock.lock();
            --job.running;
            if (error && !job.error) {
                job.error = error;
            }
        }
        if (job.running == 0) {
            done_.notify_all();
        }
    }

    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock,
                       [&] { return stop_ || (job_ && job_->next < job_->count && !job_->error); });
            if (stop_) {
                return;
            }
            drain(*job_, lock);
        }
    }

    std::vector<std::thread> workers_;
    std::mutex job_mutex_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable done_;
    Job* job_ = nullptr;
    bool stop_ = false;
};

namespace {

std::size_t all_cores() {
    return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

std::unique_ptr<Pool>& pool() {
    static std::unique_ptr<Pool> instance = std::make_unique<Pool>(all_cores());
    return instance;
}

Pool& current_pool() {
    return scoped_pool != nullptr ? *scoped_pool : *pool();
}

}  // namespace

std::size_t thread_count() {
    return current_pool().size();
}

std::size_t thread_index() {
    return index_in_pool;
}

ThreadPool::ThreadPool(std::size_t threads) {
    const std::size_t wanted = threads == 0 ? all_cores() : threads;
    try {
        pool_ = std::make_unique<Pool>(wanted);
    } catch (const std::system_error& error) {
        fail("{} threads cannot be started ({}); give fewer", wanted, error.what());
    }
}

ThreadPool::~ThreadPool() = default;

PoolScope::PoolScope(ThreadPool& pool)
    : pool_before_(scoped_pool), inside_before_(inside_pool), index_before_(index_in_pool) {
    scoped_pool = pool.pool_.get();
    inside_pool = false;
    index_in_pool = 0;
}

PoolScope::~PoolScope() {
    scoped_pool = pool_before_;
    inside_pool = inside_before_;
    index_in_pool = index_before_;
}

void set_thread_count(std::size_t threads) {
    const std::size_t wanted = threads == 0 ? all_cores() : threads;
    if (wanted != pool()->size()) {
        pool() = std::make_unique<Pool>(wanted);
    }
}

void parallel_for(std::size_t count, std::size_t chunk, Body body) {
    chunk = std::max<std::size_t>(1, chunk);
    if (count == 0) {
        return;
    }
    if (inside_pool || count <= chunk || thread_count() == 1) {
        for (std::size_t begin = 0; begin < count; begin += chunk) {
            body(begin, std::min(count, begin + chunk));
        }
        return;
    }
    Job job{.count = count, .chunk = chunk, .body = body, .next = 0, .running = 0, .error = {}};
    current_pool().run(job);
    if (job.error) {
        std::rethrow_exception(job.error);
    }
}

SerialSection::SerialSection() : before_(inside_pool) {
    inside_pool = true;
}

SerialSection::~SerialSection() {
    inside_pool = before_;
}

}  // namespace distillar::base
