#pragma once
/// The readable twin: WaffleIron as methods.md 2.1 states it, in float64, dense planes, nothing
/// folded, one thread.
#include <vector>

#include "formats/model_file.hpp"

namespace distillar::test {

struct SerialInput {
    std::size_t points = 0;
    std::vector<float> features;                   ///< N x inputs
    std::vector<std::int32_t> neighbors;           ///< N x K, without the point itself
    std::vector<std::vector<std::int32_t>> cells;  ///< per grid of the description, N
};

/// N x outputs logits; without a head, the N x C tokens.
std::vector<double> serial_network(const formats::ModelFile& file, const SerialInput& input);

}  // namespace distillar::test
