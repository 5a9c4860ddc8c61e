#pragma once
/// A random ragged batch: points, neighbours within each scan, two plane grids.
#include <vector>

#include "base/random.hpp"
#include "models/torch_batch.hpp"

namespace distillar::test {

inline models::TorchBatch random_batch(const std::vector<int>& lengths, int channels = 5,
                                       std::uint64_t seed = 1, torch::Device device = torch::kCPU) {
    constexpr int rows = 9, columns = 7, neighbors = 16;
    geometry::Batch batch;
    batch.channels = channels;
    batch.neighbor_count = neighbors;
    batch.grids = {{2, rows, columns}, {1, columns, rows}};
    batch.cells.resize(2);
    for (std::size_t scan = 0; scan < lengths.size(); ++scan) {
        base::Random random(seed, scan, 5);
        const auto first = static_cast<std::int32_t>(batch.offsets.back());
        const auto count = static_cast<std::uint32_t>(lengths[scan]);
        for (std::uint32_t i = 0; i < count; ++i) {
            for (int c = 0; c < channels; ++c) {
                batch.features.push_back(static_cast<float>(random.normal()));
            }
            for (int k = 0; k < neighbors; ++k) {
                batch.neighbors.push_back(first + static_cast<std::int32_t>(random.below(count)));
            }
            for (auto& cells : batch.cells) {
                cells.push_back(static_cast<std::int32_t>(scan) * rows * columns +
                                static_cast<std::int32_t>(random.below(rows * columns)));
            }
            batch.labels.push_back(static_cast<std::uint8_t>(random.below(4)));
        }
        batch.offsets.push_back(first + lengths[scan]);
    }
    return models::to_torch(batch, device);
}

}  // namespace distillar::test
