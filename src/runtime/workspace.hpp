#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/buffer.hpp"
#include "kernels/plane_table.hpp"

namespace distillar::runtime {

/// One scan as the network sees it: tables stay the caller's.
struct NetworkInput {
    std::size_t points = 0;
    const float* features = nullptr;          ///< N x inputs
    const std::int32_t* neighbors = nullptr;  ///< N x K, without the point itself
    std::size_t neighbor_count = 0;
    std::span<const kernels::PlaneTable> planes;  ///< layer d mixes on plane d mod their number
};

/// Memory that one thread of the pool uses inside a block of points.
struct ThreadScratch {
    kernels::Buffer left, middle, right;  ///< rows around the products
    kernels::Buffer scratchpad;           ///< oneDNN's
};

/// Sizes that a network asks for, in floats.
struct ScratchSizes {
    std::size_t left = 0, middle = 0, right = 0, scratchpad = 0;
};

/// All memory of one forward pass. It only grows: a second scan of the same size allocates nothing.
class Workspace {
public:
    /// Makes room for the input; must be called where the pool of the pass is in scope.
    void prepare(const NetworkInput& input, std::size_t channels, std::size_t block_rows,
                 const ScratchSizes& scratch);

    /// Points rounded up to whole blocks x C; rows past the points are zero before the first layer.
    float* tokens() { return tokens_.data(); }
    float* cells() { return cells_.data(); }          ///< occupied x C
    float* activated() { return activated_.data(); }  ///< reached x C
    float* values() { return values_.data(); }        ///< occupied x C
    float* means() { return means_.data(); }          ///< N
    float* inverses() { return inverses_.data(); }    ///< N
    ThreadScratch& scratch();                         ///< the calling thread's

    /// How often a buffer has grown.
    std::size_t growths() const { return growths_; }

private:
    void grow(kernels::Buffer& buffer, std::size_t size);

    kernels::Buffer tokens_, cells_, activated_, values_, means_, inverses_;
    std::vector<ThreadScratch> threads_;
    std::size_t growths_ = 0;
};

}  // namespace distillar::runtime
