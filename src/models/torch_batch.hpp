#pragma once
/// models: LibTorch modules (backbones, heads, image teachers) and how their weights come and go.

#include <memory>
#include <vector>

#include "geometry/batch.hpp"
#include "kernels/plane_table.hpp"
#include "models/torch.hpp"

namespace distillar::models {

/// A geometry::Batch as tensors, with one plane table per grid for exact sparse mixing.
struct TorchBatch {
    torch::Tensor features;   ///< N x Cin float32
    torch::Tensor neighbors;  ///< N x K int64 (rows of the batch), without the point itself
    torch::Tensor labels;     ///< N int64 with 255 = ignore, or undefined
    std::vector<std::int64_t> offsets{0};                            ///< scans + 1
    std::vector<std::shared_ptr<const kernels::PlaneTable>> planes;  ///< one per grid
    std::size_t scans() const { return offsets.size() - 1; }
};

TorchBatch to_torch(const geometry::Batch& batch, torch::Device device = torch::kCPU);

}  // namespace distillar::models
