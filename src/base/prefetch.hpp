#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/thread_pool.hpp"

namespace distillar::base {

/// Makes the items of steps first..last-1 in order on one background thread, at most `ahead` of
/// them in advance. An exception of `make` comes out of next() at its step.
template <typename Item>
class Prefetch {
public:
    Prefetch(std::int64_t first, std::int64_t last, std::function<Item(std::int64_t)> make,
             std::size_t ahead = 3)
        : make_(std::move(make)),
          ahead_(ahead),
          thread_([this, first, last] { run(first, last); }) {}

    ~Prefetch() {
        {
            const std::scoped_lock lock(mutex_);
            stop_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    Prefetch(const Prefetch&) = delete;
    Prefetch& operator=(const Prefetch&) = delete;

    /// Nothing after the last step.
    std::optional<Item> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !items_.empty() || error_ || ended_; });
        if (items_.empty()) {
            if (error_) {
                std::rethrow_exception(error_);
            }
            return std::nullopt;
        }
        Item item = std::move(items_.front());
        items_.pop_front();
        changed_.notify_all();
        return item;
    }

private:
    void run(std::int64_t first, std::int64_t last) {
        const SerialSection beside_the_training_thread;
        for (std::int64_t step = first; step < last; ++step) {
            try {
                Item item = make_(step);
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return items_.size() < ahead_ || stop_; });
                if (stop_) {
                    return;
                }
                items_.push_back(std::move(item));
            } catch (...) {
                const std::scoped_lock lock(mutex_);
                error_ = std::current_exception();
                changed_.notify_all();
                return;
            }
            changed_.notify_all();
        }
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

    std::function<Item(std::int64_t)> make_;
    std::size_t ahead_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Item> items_;
    std::exception_ptr error_;
    bool ended_ = false;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace distillar::base
