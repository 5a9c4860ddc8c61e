#pragma once
/// A published reference case with its network, and comparison within the stated tolerances.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/compare.hpp"
#include "models/network.hpp"
#include "models/reference_case.hpp"
#include "models/state.hpp"

namespace distillar::test {

struct ReferenceNetwork {
    formats::SafeTensors file;
    models::TorchBatch batch;
    std::vector<std::int64_t> lengths;
    std::unique_ptr<models::Network> network;

    ReferenceNetwork(const std::filesystem::path& folder, const std::string& name)
        : file(formats::read_safetensors(folder / (name + ".case.safetensors"))),
          batch(models::batch_of_case(file)),
          lengths(models::lengths_of_case(file)) {
        const auto weights = folder / (name + ".pth");
        const formats::Tensors tensors =
            models::network_of(formats::read_pth(weights), weights.string());
        const models::NetworkShape shape = models::shape_of_case(file, tensors, weights.string());
        network = std::make_unique<models::Network>(shape.backbone, shape.head);
        models::load_state(*network, tensors, weights.string());
    }

    bool has(const std::string& key) const { return file.tensors.contains(key); }
    torch::Tensor tensor(const std::string& key) const {
        return models::to_torch(file.tensors.at(key));
    }
    /// A padded point tensor of the case as valid rows.
    torch::Tensor rows(const std::string& key) const {
        return models::rows_of_case(tensor(key), lengths);
    }
};

}  // namespace distillar::test
