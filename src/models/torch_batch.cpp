#include "models/torch_batch.hpp"

#include <cstring>

#include "base/error.hpp"
#include "base/thread_pool.hpp"

namespace distillar::models {

namespace {

/// A tensor with a copy of the values, converted element by element.
template <typename Target, typename Source>
torch::Tensor converted(const std::vector<Source>& values, std::vector<std::int64_t> shape,
                        torch::ScalarType type) {
    torch::Tensor tensor = torch::empty(shape, type);
    Target* target = tensor.data_ptr<Target>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        target[i] = static_cast<Target>(values[i]);
    }
    return tensor;
}

}  // namespace

TorchBatch to_torch(const geometry::Batch& batch, torch::Device device) {
    const auto points = static_cast<std::int64_t>(batch.size());
    if (batch.cells.size() != batch.grids.size()) {
        base::fail("a batch has cells for {} planes but {} grids", batch.cells.size(),
                   batch.grids.size());
    }
    TorchBatch result;
    result.features = converted<float>(batch.features, {points, batch.channels}, torch::kFloat32);
    result.neighbors =
        converted<std::int64_t>(batch.neighbors, {points, batch.neighbor_count}, torch::kInt64);
    if (!batch.labels.empty()) {
        result.labels = converted<std::int64_t>(batch.labels, {points}, torch::kInt64).to(device);
    }
    result.features = result.features.to(device);
    result.neighbors = result.neighbors.to(device);
    result.offsets = batch.offsets;
    result.planes.resize(batch.grids.size());
    base::parallel_for(batch.grids.size(), 1, [&](std::size_t begin, std::size_t) {
        const geometry::PlaneGrid& grid = batch.grids[begin];
        result.planes[begin] = std::make_shared<const kernels::PlaneTable>(
            kernels::make_plane_table(batch.cells[begin], grid.rows, grid.columns));
    });
    return result;
}

}  // namespace distillar::models
