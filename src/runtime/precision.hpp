#pragma once

namespace distillar::runtime {

/// fp32: everything. bf16: the factors of the large products (layers and neighbour branch); sums,
/// norms, plane mixing, residuals and the head stay float32.
enum class Precision { fp32, bf16 };

}  // namespace distillar::runtime
