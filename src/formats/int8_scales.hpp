#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "formats/tensor.hpp"

namespace distillar::formats {

/// How the sources of a network's large products become bytes: one step (the value of one unit) a
/// channel. Stored beside the weights, which stay floats: the file runs in any precision.
struct Int8Scales {
    struct Layer {
        std::vector<float> source;  ///< C: of the normalised tokens, zero at 128
        std::vector<float> hidden;  ///< C: of the activations between the two products
    };
    std::vector<float> embedding;              ///< C: the neighbour branch; empty: not in bytes
    std::vector<std::optional<Layer>> layers;  ///< one a layer; none: not in bytes
};

/// Moves the steps out of a file's tensors; none if it has none.
/// @throws base::Error naming file and tensor if one is no row of `channels` positive floats, half
///         of a layer is missing, or a layer is not among the `depth` ones.
std::optional<Int8Scales> take_int8_scales(Tensors& tensors, std::size_t channels,
                                           std::size_t depth, const std::filesystem::path& file);

void add_int8_scales(const Int8Scales& steps, Tensors& tensors);

}  // namespace distillar::formats
