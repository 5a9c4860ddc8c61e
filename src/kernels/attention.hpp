#pragma once
#include <cstddef>
#include <memory>

#include "kernels/packed_product.hpp"

namespace distillar::kernels {

/// One head of a transformer: out = softmax(Q K^T) V for a block of queries. Q, K and V are columns
/// of one matrix, from row to row `stride` elements apart. Sums and softmax in float32.
struct AttentionShape {
    std::size_t queries = 0;  ///< of a block
    std::size_t keys = 0;
    std::size_t width = 0;  ///< channels of the head
    std::size_t stride = 0;
    std::size_t out_stride = 0;
    ProductShape::Format format = ProductShape::Format::f32;  ///< of Q, K, V and the output
};

/// Immutable: several threads may run it at once, each with its own scratch. All by oneDNN.
class Attention {
public:
    /// @throws base::Error if oneDNN has no such products on this processor.
    explicit Attention(const AttentionShape& shape);
    ~Attention();
    Attention(Attention&&) noexcept;

    /// On the calling thread alone; equal inputs give equal bits on every thread.
    /// @param scratch  scratch_floats() floats, 64-byte aligned.
    void run(const void* query, const void* key, const void* value, void* out,
             float* scratch) const;
    std::size_t scratch_floats() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// (x - mean) / sqrt(variance + epsilon) of each row, dense matrices of `rows` x `channels`,
/// float32 to float32 or bf16. As Attention, but without scratch.
class RowNorm {
public:
    RowNorm(std::size_t rows, std::size_t channels, float epsilon, ProductShape::Format result);
    ~RowNorm();
    RowNorm(RowNorm&&) noexcept;
    /// @param normed  rows x channels floats: where the result goes, or with bf16 comes through.
    void run(const float* x, float* normed, void* result) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace distillar::kernels
