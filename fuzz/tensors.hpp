#pragma once
#include <algorithm>

#include "formats/tensor.hpp"
#include "fuzz/target.hpp"

namespace distillar::fuzz {

/// Reads every value of every tensor, as whoever asked for them would.
inline void use(const formats::Tensors& tensors) {
    using formats::Dtype;
    for (const auto& [name, tensor] : tensors) {
        const bool real = tensor.dtype == Dtype::f64 || tensor.dtype == Dtype::f32 ||
                          tensor.dtype == Dtype::f16 || tensor.dtype == Dtype::bf16;
        const std::size_t values = real ? formats::to_doubles(tensor, name).size()
                                        : formats::to_integers(tensor, name).size();
        require(values == static_cast<std::size_t>(tensor.count()), "values and shape disagree");
    }
}

}  // namespace distillar::fuzz
