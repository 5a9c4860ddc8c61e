#pragma once
#include <cstddef>

#include "kernels/buffer.hpp"

namespace distillar::kernels {

/// A matrix (inner x columns) repacked for multiply(): panels of 64 columns, each row of a panel
/// one cache line after the other, zero-padded.
class Panels {
public:
    static constexpr std::size_t width = 64;

    /// Element (i, c) is matrix[i * row_stride + c * column_stride].
    /// @param bias  columns values added to every row of the product, or null.
    Panels(const float* matrix, std::size_t inner, std::size_t columns, std::size_t row_stride,
           std::size_t column_stride, const float* bias = nullptr);

    std::size_t inner() const { return inner_; }
    std::size_t columns() const { return columns_; }
    std::size_t count() const { return (columns_ + width - 1) / width; }
    const float* panel(std::size_t index) const { return values_.data() + index * inner_ * width; }
    const float* bias(std::size_t index) const { return bias_.data() + index * width; }

private:
    std::size_t inner_, columns_;
    Buffer values_, bias_;
};

/// product (rows x columns) = left (rows x inner) * right + bias, one thread, row-major.
/// Strides are in floats. Every element is summed over `inner` in order.
void multiply(const float* left, std::size_t left_stride, std::size_t rows, const Panels& right,
              float* product, std::size_t product_stride);

/// sum (left_columns x right_columns, dense) += left^T right over `rows` rows, one thread.
void add_transposed_product(const float* left, std::size_t left_stride, std::size_t left_columns,
                            const float* right, std::size_t right_stride, std::size_t right_columns,
                            std::size_t rows, float* sum);

/// Which instructions the products use: the machine's best, unless a test asks for fewer. Returns
/// what is used from now on.
enum class Instructions { plain, avx2, avx512 };
Instructions set_instructions(Instructions wanted);

}  // namespace distillar::kernels
