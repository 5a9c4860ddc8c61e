#include "runtime/network_scan.hpp"

namespace distillar::runtime {

NetworkScan::NetworkScan(const geometry::ScanView& scan, const geometry::InputSpec& spec) {
    geometry::prepare(scan, spec, prepared);
    for (std::size_t i = 0; i < spec.grids.size(); ++i) {
        planes.push_back(kernels::make_plane_table(prepared.cells[i], spec.grids[i].rows,
                                                   spec.grids[i].columns));
    }
    input = {prepared.size(), prepared.features.data(), prepared.neighbors.data(),
             static_cast<std::size_t>(spec.neighbors), planes};
}

}  // namespace distillar::runtime
