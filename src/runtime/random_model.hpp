#pragma once
#include <cstdint>

#include "formats/model_file.hpp"

namespace distillar::runtime {

/// Weights drawn at random for a description: what a benchmark runs when there is no trained model.
/// Values keep tokens and logits of ordinary size through any depth.
formats::ModelFile random_model(const formats::ModelDescription& description, std::uint64_t seed);

}  // namespace distillar::runtime
