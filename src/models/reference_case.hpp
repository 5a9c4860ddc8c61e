#pragma once
#include <string>
#include <vector>

#include "formats/safetensors.hpp"
#include "geometry/plane_cells.hpp"
#include "models/network.hpp"
#include "models/torch.hpp"
#include "models/torch_batch.hpp"

namespace distillar::models {

/// A reference case computed with the published WaffleIron code: `feat` (B x Cin x N), `cell_ind`
/// (B x grids x N), `neighbors` (B x (K + 1) x N, the point itself first), `lengths` (B); positions
/// past a scan's length are padding. Errors name the missing or mis-shaped tensor.

/// rows x columns per plane from the metadata key `grids`, "[[24, 20], [24, 6]]".
std::vector<geometry::PlaneGrid> grids_of_case(const formats::SafeTensors& file);

/// Valid points per scan.
std::vector<std::int64_t> lengths_of_case(const formats::SafeTensors& file);

/// The case's inputs as a ragged batch; `steps.labels` become the labels where they are there.
TorchBatch batch_of_case(const formats::SafeTensors& file);

/// B x C x N (or B x N) padded -> valid rows x C (or valid rows), the batch's order.
torch::Tensor rows_of_case(const torch::Tensor& padded, const std::vector<std::int64_t>& lengths);

/// The network the metadata describe, sizes read off the weights.
/// @param network  the checkpoint's tensors after network_of().
NetworkShape shape_of_case(const formats::SafeTensors& file, const formats::Tensors& network,
                           const std::string& source);

}  // namespace distillar::models
