#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "formats/model_file.hpp"

namespace distillar::runtime {

struct ExpectedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
};

/// Every tensor that a WaffleIron of this description has, under the published names and shapes
/// (methods.md 2.1), the head's as well unless it has none.
std::vector<ExpectedTensor> expected_tensors(const formats::ModelDescription& description);

/// @throws base::Error listing every missing, extra and mis-shaped tensor (first 8 of each).
/// `num_batches_tracked` may be there or not.
void check_tensors(const std::vector<ExpectedTensor>& expected, const formats::Tensors& tensors,
                   const std::string& source);

}  // namespace distillar::runtime
