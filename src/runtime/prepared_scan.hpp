#pragma once
#include "geometry/preprocess.hpp"
#include "runtime/workspace.hpp"

namespace distillar::runtime {

/// An aligned scan as the network takes it, with the tables that its input points to. Segmenter
/// does the same and keeps its buffers; this is for what looks at the network itself.
struct PreparedScan {
    PreparedScan(const geometry::Scan& scan, const geometry::InputSpec& spec);
    PreparedScan(const PreparedScan&) = delete;
    PreparedScan& operator=(const PreparedScan&) = delete;

    geometry::Sample sample;
    std::vector<kernels::PlaneTable> planes;
    NetworkInput input;
};

}  // namespace distillar::runtime
