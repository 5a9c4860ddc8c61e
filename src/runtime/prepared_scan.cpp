#include "runtime/prepared_scan.hpp"

namespace distillar::runtime {

PreparedScan::PreparedScan(const geometry::Scan& scan, const geometry::InputSpec& spec)
    : sample(geometry::preprocess(scan, spec, nullptr, nullptr)) {
    for (std::size_t i = 0; i < spec.grids.size(); ++i) {
        planes.push_back(
            kernels::make_plane_table(sample.cells[i], spec.grids[i].rows, spec.grids[i].columns));
    }
    input = {sample.size(), sample.features.data(), sample.neighbors.data(),
             static_cast<std::size_t>(sample.neighbor_count), planes};
}

}  // namespace distillar::runtime
