#pragma once
#include "kernels/packed_product.hpp"
#include "runtime/folded_weights.hpp"
#include "runtime/precision.hpp"
#include "runtime/workspace.hpp"

namespace distillar::runtime {

/// WaffleIron's embedding: tokens = points x + neighbors max_k(second relu(first (x_k - x))).
class Embedding {
public:
    /// @param neighbors   K; @param block_rows  points handled together.
    /// @param int8_scales  of the neighbour branch, C; empty: in `precision`, which is not int8.
    Embedding(const FoldedEmbedding& folded, std::size_t neighbors, std::size_t block_rows,
              Precision precision, const Values& int8_scales);

    void run(const NetworkInput& input, Workspace& workspace) const;
    ScratchSizes scratch() const;

private:
    void block(const NetworkInput& input, std::size_t begin, std::size_t count, float* tokens,
               ThreadScratch& scratch) const;
    void map_differences(const float* rows, std::size_t count, void* out) const;

    std::size_t inputs_, channels_, neighbors_, block_rows_;
    std::size_t group_;             ///< points whose neighbours go through `second` together
    Precision precision_, branch_;  ///< of the last product; of the neighbours' one
    Values first_map_, first_bias_, points_map_, points_bias_;  ///< maps inputs x C
    kernels::PackedProduct second_, last_;
};

}  // namespace distillar::runtime
