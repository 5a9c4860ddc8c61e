#pragma once
/// Steps of bytes for the source of a product, chosen so that the product of samples stays close.
#include "runtime/byte_maps.hpp"

namespace distillar::runtime {

/// Rows x channels values that a product took as its source.
struct SourceRows {
    std::size_t rows = 0, channels = 0;
    Values values;
};

/// Trades the range of a channel's values against that of its weights (as SmoothQuant does) and
/// clips what is rare: of some twenty candidates the steps with the smallest squared error of the
/// product.
Values choose_steps(const SourceRows& source, const FoldedLinear& linear, ByteKind kind);

/// The product as the processor will give it, without rounding to bytes after it: rows x outputs.
Values byte_product(const SourceRows& source, const FoldedLinear& linear, const Values& steps,
                    ByteKind kind);

Values exact_product(const SourceRows& source, const FoldedLinear& linear);

double squared_difference(const Values& a, const Values& b);

}  // namespace distillar::runtime
