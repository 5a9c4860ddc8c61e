#pragma once
#include "kernels/buffer.hpp"
#include "kernels/packed_product.hpp"
#include "runtime/model.hpp"

namespace distillar::runtime {

/// What the library of matrix products reaches with nothing else to do: a network's own 1x1
/// products (all channels x channels) by oneDNN alone, whole matrices shared among the threads, no
/// bias, no activation, two buffers in turn.
class GemmLimit {
public:
    /// Of inference: 2 a layer; one a neighbour and 2 of the embedding.
    /// @param points   at least 1.
    /// @param threads  as many shares of the points; run() wants a pool of as many.
    GemmLimit(const Model& model, Precision precision, std::size_t points, std::size_t threads);

    /// Of so many products.
    GemmLimit(std::size_t products, std::size_t channels, Precision precision, std::size_t points,
              std::size_t threads);

    void run();

    /// Of the products: multiplications and additions.
    double flops() const { return flops_; }

private:
    std::size_t share_;  ///< rows of a thread
    std::vector<kernels::PackedProduct> products_;
    struct Thread {
        kernels::Buffer rows[2];
        kernels::Buffer scratchpad;
    };
    std::vector<Thread> threads_;
    double flops_;
};

}  // namespace distillar::runtime
