#pragma once
#include "geometry/prepared_scan.hpp"
#include "runtime/workspace.hpp"

namespace distillar::runtime {

/// An aligned scan as the network takes it, with the tables that its input points to. Segmenter
/// does the same and keeps its buffers; this is for what looks at the network itself.
struct NetworkScan {
    NetworkScan(const geometry::ScanView& scan, const geometry::InputSpec& spec);
    NetworkScan(const NetworkScan&) = delete;
    NetworkScan& operator=(const NetworkScan&) = delete;

    geometry::PreparedScan prepared;
    std::vector<kernels::PlaneTable> planes;
    NetworkInput input;
};

}  // namespace distillar::runtime
