#pragma once
#include <cstddef>

#include "kernels/buffer.hpp"

namespace distillar::kernels {

/// The right factor of multiply(): a matrix (inner x columns), copied row after row, and a bias.
class Factor {
public:
    /// Element (i, c) is matrix[i * row_stride + c * column_stride].
    /// @param bias  columns values added to every row of the product, or null.
    Factor(const float* matrix, std::size_t inner, std::size_t columns, std::size_t row_stride,
           std::size_t column_stride, const float* bias = nullptr);

    std::size_t inner() const { return inner_; }
    std::size_t columns() const { return columns_; }
    const float* values() const { return values_.data(); }
    const float* bias() const { return bias_.size() == 0 ? nullptr : bias_.data(); }

private:
    std::size_t inner_, columns_;
    Buffer values_, bias_;
};

/// product (rows x columns) = left (rows x inner) * right + bias, row-major, strides in floats.
/// Computed by oneDNN on the calling thread alone; equal sizes give equal bits on every thread.
/// @throws Error  if oneDNN finds no memory.
void multiply(const float* left, std::size_t left_stride, std::size_t rows, const Factor& right,
              float* product, std::size_t product_stride);

/// sum (left_columns x right_columns, dense) += left^T right over `rows` rows; as multiply().
void add_transposed_product(const float* left, std::size_t left_stride, std::size_t left_columns,
                            const float* right, std::size_t right_stride, std::size_t right_columns,
                            std::size_t rows, float* sum);

}  // namespace distillar::kernels
