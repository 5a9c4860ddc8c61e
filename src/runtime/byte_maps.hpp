#pragma once
/// Linear maps in bytes: value of channel i = step[i] * (byte - zero).
#include "kernels/packed_product.hpp"
#include "runtime/folded_weights.hpp"

namespace distillar::runtime {

/// What values are turned into bytes: signed ones (normalised tokens) around 128; those of ReLU
/// from 0; those of GELU, which reaches down to -0.17, with one step for all channels.
enum class ByteKind { around_middle, relu, gelu };

ByteKind kind_of(kernels::Activation activation);

/// The byte of the value 0.
float zero_of(ByteKind kind, float step);

/// The map for a source in bytes. Weights take one scale per output, so that the largest of its
/// row, times its step, is 127.
/// @param result_steps  the result is divided by these, one per output; null: not.
kernels::ByteWeight byte_weight(const FoldedLinear& linear, const Values& steps, float zero,
                                const Values* result_steps);

/// 1 / step of each channel.
Values inverses_of(const Values& steps);

}  // namespace distillar::runtime
