#include "runtime/random_model.hpp"

#include <cmath>

#include "base/random.hpp"
#include "runtime/expected_tensors.hpp"

namespace distillar::runtime {

namespace {

/// Mean and deviation of a tensor's values, by what it is.
struct Spread {
    double mean, deviation;
};

Spread spread_of(const ExpectedTensor& tensor, int depth) {
    const auto is = [&](const char* part) { return tensor.name.find(part) != std::string::npos; };
    if (is("running_mean") || is("bias")) {
        return {0, 0.1};
    }
    if (is("scale.weight")) {
        return {0, 1 / std::sqrt(static_cast<double>(depth))};
    }
    if (tensor.shape.size() == 1) {
        return {1, 0.1};  // a norm's weight
    }
    const double inputs = is(".ffn.") ? 9.0 : static_cast<double>(tensor.shape[1]);
    return {0, 1 / std::sqrt(inputs)};
}

}  // namespace

formats::ModelFile random_model(const formats::ModelDescription& description, std::uint64_t seed) {
    formats::ModelFile file{description, {}};
    std::uint64_t address = 0;
    for (const ExpectedTensor& tensor : expected_tensors(description)) {
        base::Random random(seed, 0, address++);
        const Spread spread = spread_of(tensor, description.backbone.depth);
        std::size_t count = 1;
        for (const std::int64_t size : tensor.shape) {
            count *= static_cast<std::size_t>(size);
        }
        std::vector<float> values(count);
        for (float& value : values) {
            value = static_cast<float>(spread.mean + spread.deviation * random.normal());
        }
        if (tensor.name.ends_with("running_var")) {
            for (float& value : values) {
                value = 0.5F + value * value;
            }
        }
        file.tensors.emplace(tensor.name, formats::make_tensor(values, tensor.shape));
    }
    return file;
}

}  // namespace distillar::runtime
