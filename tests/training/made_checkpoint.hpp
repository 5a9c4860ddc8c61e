#pragma once
#include <cstdint>
#include <vector>

#include "formats/tensor.hpp"
#include "training/run_folder.hpp"

namespace distillar::test {

/// A checkpoint whose only weight `w` is its step.
inline training::Checkpoint checkpoint_at(std::int64_t step) {
    const std::vector<float> value{static_cast<float>(step)};
    return {step, {{"w", formats::make_tensor(value, {1})}}, {}};
}

}  // namespace distillar::test
