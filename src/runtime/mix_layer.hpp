#pragma once
#include <functional>

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
    /// What the layers of a network share.
    struct Kind {
        bool layer_norm = true;
        kernels::Activation activation = kernels::Activation::relu;
        std::size_t block_rows = 0;
    };

    /// @param steps  for int8, else not looked at.
    MixLayer(const FoldedLayer& folded, const Kind& kind, Precision precision,
             const formats::Int8Scales::Layer& steps);

    /// Sees rows [begin, begin + rows) of the tokens between the two halves of a layer; called on
    /// several threads at once.
    using Observer = std::function<void(std::size_t begin, std::size_t rows, const float* tokens)>;

    void run(const NetworkInput& input, const kernels::PlaneTable& plane, Workspace& workspace,
             const Observer& observer = {}) const;
    ScratchSizes scratch() const;

private:
    void mix_plane(const kernels::PlaneTable& plane, Workspace& workspace) const;
    void mix_channels(float* tokens, ThreadScratch& scratch) const;
    const void* normalised(const float* tokens, float* room) const;

    std::size_t channels_;
    Kind kind_;
    Precision precision_;
    Values cell_factor_, cell_shift_, inverse_steps_;
    kernels::TapWeights first_, second_;
    kernels::PackedProduct expand_, reduce_;
};

}  // namespace distillar::runtime
