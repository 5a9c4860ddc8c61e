#include "models/reference_case.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace {

const std::string& value_of(const formats::SafeTensors& file, const std::string& key) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
        base::fail("the reference case has no metadata key {}", key);
    }
    return found->second;
}

torch::Tensor tensor_of(const formats::SafeTensors& file, const std::string& name,
                        std::size_t dimensions) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
        base::fail("the reference case has no tensor {}", name);
    }
    if (found->second.shape.size() != dimensions) {
        base::fail("tensor {} of the reference case has {} dimensions, not {}", name,
                   found->second.shape.size(), dimensions);
    }
    return to_torch(found->second);
}

void check_range(const torch::Tensor& values, std::int64_t limit, const std::string& name) {
    if (values.numel() > 0 &&
        (values.min().item<std::int64_t>() < 0 || values.max().item<std::int64_t>() >= limit)) {
        base::fail("tensor {} of the reference case has a value outside 0 to {}", name, limit - 1);
    }
}

std::shared_ptr<const kernels::PlaneTable> plane_of(const torch::Tensor& cells,
                                                    const std::vector<std::int64_t>& lengths,
                                                    const geometry::PlaneGrid& grid) {
    const std::int64_t size = std::int64_t{grid.rows} * grid.columns;
    std::vector<std::int32_t> flat;
    for (std::size_t scan = 0; scan < lengths.size(); ++scan) {
        const auto first = static_cast<std::int64_t>(scan);
        const torch::Tensor valid = cells[first].narrow(0, 0, lengths[scan]).contiguous();
        check_range(valid, size, "cell_ind");
        const std::int64_t* values = valid.data_ptr<std::int64_t>();
        for (std::int64_t i = 0; i < lengths[scan]; ++i) {
            flat.push_back(static_cast<std::int32_t>(first * size + values[i]));
        }
    }
    return std::make_shared<const kernels::PlaneTable>(
        kernels::make_plane_table(flat, grid.rows, grid.columns));
}

torch::Tensor neighbors_of(const torch::Tensor& padded, const std::vector<std::int64_t>& lengths) {
    std::vector<torch::Tensor> scans;
    std::int64_t offset = 0;
    for (std::size_t scan = 0; scan < lengths.size(); ++scan) {
        const torch::Tensor columns = padded[static_cast<std::int64_t>(scan)];
        const torch::Tensor valid =
            columns.narrow(0, 1, columns.size(0) - 1).narrow(1, 0, lengths[scan]);
        check_range(valid, lengths[scan], "neighbors");
        scans.push_back(valid.t() + offset);
        offset += lengths[scan];
    }
    return torch::cat(scans).contiguous();
}

}  // namespace

std::vector<geometry::PlaneGrid> grids_of_case(const formats::SafeTensors& file) {
    const std::string& text = value_of(file, "grids");
    const auto json = nlohmann::json::parse(text, nullptr, false);
    std::vector<geometry::PlaneGrid> grids;
    bool good = json.is_array() && !json.empty() && json.size() <= 3;
    for (std::size_t i = 0; good && i < json.size(); ++i) {
        const auto& sizes = json[i];
        good = sizes.is_array() && sizes.size() == 2 && sizes[0].is_number_unsigned() &&
               sizes[1].is_number_unsigned() && sizes[0].get<std::uint64_t>() - 1 < 8192 &&
               sizes[1].get<std::uint64_t>() - 1 < 8192;
        if (good) {
            grids.push_back({2 - static_cast<int>(i), sizes[0].get<int>(), sizes[1].get<int>()});
        }
    }
    if (!good) {
        base::fail("metadata key grids of the reference case is not a list of [rows, columns]: {}",
                   text.substr(0, 80));
    }
    return grids;
}

std::vector<std::int64_t> lengths_of_case(const formats::SafeTensors& file) {
    const torch::Tensor lengths = tensor_of(file, "lengths", 1).to(torch::kInt64);
    const torch::Tensor features = tensor_of(file, "feat", 3);
    if (lengths.size(0) != features.size(0)) {
        base::fail("tensor lengths of the reference case has {} values for {} scans",
                   lengths.size(0), features.size(0));
    }
    check_range(lengths, features.size(2) + 1, "lengths");
    const std::int64_t* values = lengths.data_ptr<std::int64_t>();
    return {values, values + lengths.numel()};
}

torch::Tensor rows_of_case(const torch::Tensor& padded, const std::vector<std::int64_t>& lengths) {
    std::vector<torch::Tensor> scans;
    for (std::size_t scan = 0; scan < lengths.size(); ++scan) {
        const torch::Tensor one = padded[static_cast<std::int64_t>(scan)];
        scans.push_back(one.dim() == 1 ? one.narrow(0, 0, lengths[scan])
                                       : one.narrow(1, 0, lengths[scan]).t());
    }
    return torch::cat(scans).contiguous();
}

TorchBatch batch_of_case(const formats::SafeTensors& file) {
    const std::vector<geometry::PlaneGrid> grids = grids_of_case(file);
    const std::vector<std::int64_t> lengths = lengths_of_case(file);
    const torch::Tensor features = tensor_of(file, "feat", 3).to(torch::kFloat32);
    const torch::Tensor cells = tensor_of(file, "cell_ind", 3).to(torch::kInt64);
    const torch::Tensor neighbors = tensor_of(file, "neighbors", 3).to(torch::kInt64);
    const auto scans = static_cast<std::int64_t>(lengths.size());
    if (cells.size(0) != scans || cells.size(1) != static_cast<std::int64_t>(grids.size()) ||
        cells.size(2) != features.size(2) || neighbors.size(0) != scans || neighbors.size(1) < 2 ||
        neighbors.size(2) != features.size(2)) {
        base::fail("cell_ind or neighbors of the reference case do not fit feat and grids");
    }
    TorchBatch batch;
    batch.features = rows_of_case(features, lengths);
    batch.neighbors = neighbors_of(neighbors, lengths);
    if (file.tensors.contains("steps.labels")) {
        batch.labels = rows_of_case(tensor_of(file, "steps.labels", 2), lengths).to(torch::kInt64);
    }
    for (const std::int64_t length : lengths) {
        batch.offsets.push_back(batch.offsets.back() + length);
    }
    for (std::size_t i = 0; i < grids.size(); ++i) {
        batch.planes.push_back(
            plane_of(cells.select(1, static_cast<std::int64_t>(i)), lengths, grids[i]));
    }
    return batch;
}

NetworkShape shape_of_case(const formats::SafeTensors& file, const formats::Tensors& network,
                           const std::string& source) {
    NetworkShape shape = shape_of(network, source);
    const auto activation = file.metadata.find("activation");
    if (activation != file.metadata.end()) {
        shape.backbone.activation = activation_from(activation->second);
    }
    return shape;
}

}  // namespace distillar::models
