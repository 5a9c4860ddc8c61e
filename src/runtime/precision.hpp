#pragma once

namespace distillar::runtime {

/// fp32: everything. bf16: the factors of the large products (layers and neighbour branch); sums,
/// norms, plane mixing, residuals and the head stay float32. int8: these products in bytes where
/// the model file has steps for them, the others in bf16 (float32 without AVX512-BF16).
enum class Precision { fp32, bf16, int8 };

}  // namespace distillar::runtime
