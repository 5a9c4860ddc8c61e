#include "kernels/gemm.hpp"

#include <dnnl.h>

#include <cstring>

#include "base/error.hpp"
#include "kernels/one_thread.hpp"

namespace distillar::kernels {

namespace {

/// A row-major matrix; transposed: the product reads its columns as rows.
struct Matrix {
    const float* values;
    std::size_t stride;
    bool transposed = false;
};

/// product (rows x columns) = keep * product + left right.
void run(std::size_t rows, std::size_t inner, std::size_t columns, const Matrix& left,
         const Matrix& right, float keep, float* product, std::size_t stride) {
    const auto size = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
    const auto order = [](const Matrix& matrix) { return matrix.transposed ? 'T' : 'N'; };
    const OneThread scope;
    const dnnl_status_t status = dnnl_sgemm(
        order(left), order(right), size(rows), size(columns), size(inner), 1, left.values,
        size(left.stride), right.values, size(right.stride), keep, product, size(stride));
    if (status != dnnl_success) {
        base::fail("oneDNN: a product of {} x {} and {} x {} failed with status {}", rows, inner,
                   inner, columns, static_cast<int>(status));
    }
}

}  // namespace

Factor::Factor(const float* matrix, std::size_t inner, std::size_t columns, std::size_t row_stride,
               std::size_t column_stride, const float* bias)
    : inner_(inner), columns_(columns), values_(inner * columns) {
    for (std::size_t i = 0; i < inner; ++i) {
        for (std::size_t c = 0; c < columns; ++c) {
            values_.data()[i * columns + c] = matrix[i * row_stride + c * column_stride];
        }
    }
    if (bias != nullptr) {
        bias_ = Buffer(columns);
        std::memcpy(bias_.data(), bias, columns * sizeof(float));
    }
}

void multiply(const float* left, std::size_t left_stride, std::size_t rows, const Factor& right,
              float* product, std::size_t product_stride) {
    const float* bias = right.bias();
    for (std::size_t row = 0; bias != nullptr && row < rows; ++row) {
        std::memcpy(product + row * product_stride, bias, right.columns() * sizeof(float));
    }
    run(rows, right.inner(), right.columns(), {left, left_stride},
        {right.values(), right.columns()}, bias == nullptr ? 0.0F : 1.0F, product, product_stride);
}

void add_transposed_product(const float* left, std::size_t left_stride, std::size_t left_columns,
                            const float* right, std::size_t right_stride, std::size_t right_columns,
                            std::size_t rows, float* sum) {
    run(left_columns, rows, right_columns, {left, left_stride, true}, {right, right_stride}, 1, sum,
        right_columns);
}

}  // namespace distillar::kernels
