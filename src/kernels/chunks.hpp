#pragma once
#include <cstddef>
#include <functional>

#include "kernels/buffer.hpp"

namespace distillar::kernels {

/// How rows are cut for sums over all of them: each chunk sums its own partial, and partials are
/// added in order. The cut depends on sizes only, so the bits do not depend on threads.
struct Chunks {
    std::size_t rows = 0;
    std::size_t size = 1;   ///< rows a chunk, a multiple of `block`
    std::size_t count = 0;  ///< chunks
};

/// @param block         rows handled together inside a chunk.
/// @param partial_size  floats a chunk sums into; large ones mean fewer chunks.
Chunks chunks_of(std::size_t rows, std::size_t block, std::size_t partial_size);

/// Calls body(begin, end, partial) for each chunk, several at once, with zeroed partials; then
/// total[i] = sum of all partials' i-th values in order of chunks.
void sum_over_chunks(const Chunks& chunks, std::size_t partial_size, float* total,
                     const std::function<void(std::size_t, std::size_t, float*)>& body);

}  // namespace distillar::kernels
