#pragma once
#include <cstdint>

namespace distillar::kernels {

/// A bf16 number as oneDNN takes it: the upper half of a float32's bits.
typedef std::uint16_t Bf16 __attribute__((may_alias));

}  // namespace distillar::kernels
