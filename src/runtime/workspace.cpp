#include "runtime/workspace.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"

namespace distillar::runtime {

void Workspace::grow(kernels::Buffer& buffer, std::size_t size) {
    if (size > buffer.size()) {
        buffer = {};  // frees before it allocates
        buffer = kernels::Buffer(size);
        buffer.zero();
        ++growths_;
    }
}

void Workspace::prepare(const NetworkInput& input, std::size_t channels, std::size_t block_rows,
                        const ScratchSizes& scratch) {
    const std::size_t padded = (input.points + block_rows - 1) / block_rows * block_rows;
    std::size_t occupied = 0, reached = 0;
    for (const auto& plane : input.planes) {
        occupied = std::max(occupied, static_cast<std::size_t>(plane.occupied));
        reached = std::max(reached, static_cast<std::size_t>(plane.reached));
    }
    grow(tokens_, padded * channels);
    grow(cells_, occupied * channels);
    grow(activated_, reached * channels);
    grow(values_, occupied * channels);
    grow(means_, input.points);
    grow(inverses_, input.points);
    if (threads_.size() < base::thread_count()) {
        threads_.resize(base::thread_count());
        ++growths_;
    }
    for (ThreadScratch& thread : threads_) {
        grow(thread.left, scratch.left);
        grow(thread.middle, scratch.middle);
        grow(thread.right, scratch.right);
        grow(thread.scratchpad, scratch.scratchpad);
    }
    std::memset(tokens_.data() + input.points * channels, 0,
                (padded - input.points) * channels * sizeof(float));
}

ThreadScratch& Workspace::scratch() {
    return threads_[base::thread_index()];
}

}  // namespace distillar::runtime
