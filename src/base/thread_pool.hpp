#pragma once
#include <cstddef>
#include <functional>

namespace distillar::base {

/// Number of threads of the one pool (including the caller). Default: all cores.
std::size_t thread_count();

/// Sets it; 0 means all cores. Not to be called while work runs.
void set_thread_count(std::size_t threads);

/// Calls body(begin, end) on chunks of [0, count), several at once, and waits. Chunk boundaries
/// depend only on `count` and `chunk`, never on the number of threads, so results that are combined
/// per chunk are the same bits for any number of threads. The first exception is rethrown here.
/// A call from inside the pool runs serially.
void parallel_for(std::size_t count, std::size_t chunk,
                  const std::function<void(std::size_t, std::size_t)>& body);

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
