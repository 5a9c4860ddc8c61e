#pragma once
#include <string>

namespace distillar::runtime {

/// fp32: everything. bf16: the factors of the large products (layers and neighbour branch); sums,
/// norms, plane mixing, residuals and the head stay float32. int8: these products in bytes where
/// the model file has steps for them, the others in bf16 (float32 without AVX512-BF16).
enum class Precision { fp32, bf16, int8 };

inline constexpr Precision precisions[] = {Precision::fp32, Precision::bf16, Precision::int8};

const char* name_of(Precision precision);

/// Empty if this processor has what the precision needs, else what is missing and what to use.
std::string unsupported(Precision precision);

}  // namespace distillar::runtime
