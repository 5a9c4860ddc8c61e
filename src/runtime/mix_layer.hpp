#pragma once
#include "kernels/packed_product.hpp"
#include "kernels/plane_taps.hpp"
#include "runtime/folded_weights.hpp"
#include "runtime/precision.hpp"
#include "runtime/workspace.hpp"

namespace distillar::runtime {

/// One layer of WaffleIron on the workspace's tokens: plane mixing, then channel mixing. The
/// plane's values are added to the points, normalised and multiplied in blocks that stay in the
/// cache.
class MixLayer {
public:
    MixLayer(const FoldedLayer& folded, bool layer_norm, kernels::Activation activation,
             std::size_t block_rows, Precision precision);

    void run(const NetworkInput& input, const kernels::PlaneTable& plane,
             Workspace& workspace) const;
    ScratchSizes scratch() const;

private:
    void mix_plane(const kernels::PlaneTable& plane, Workspace& workspace) const;
    void mix_channels(float* tokens, ThreadScratch& scratch) const;

    std::size_t channels_, block_rows_;
    bool layer_norm_, bf16_;
    kernels::Activation activation_;
    Values cell_factor_, cell_shift_;
    kernels::TapWeights first_, second_;
    kernels::PackedProduct expand_, reduce_;
};

}  // namespace distillar::runtime
