#include "runtime/network.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace distillar::runtime {

namespace {

/// Points handled together. Their rows and two weights should stay in a 1 MB second-level cache;
/// between 96 and 256 rows of 256 channels the differences are within the noise (performance.md).
std::size_t rows_a_block(std::size_t channels) {
    return channels <= 384 ? 192 : 96;
}

ScratchSizes larger(const ScratchSizes& a, const ScratchSizes& b) {
    return {std::max(a.left, b.left), std::max(a.middle, b.middle), std::max(a.right, b.right),
            std::max(a.scratchpad, b.scratchpad)};
}

Precision checked(Precision precision) {
    if (precision == Precision::bf16 && !kernels::has_bf16()) {
        base::fail(
            "precision bf16 needs a processor with AVX512-BF16, this one has none: use fp32");
    }
    return precision;
}

}  // namespace

Network::Network(const FoldedWeights& weights, std::size_t neighbors, Precision precision)
    : channels_(weights.channels),
      block_rows_(rows_a_block(weights.channels)),
      embedding_(weights.embedding, neighbors, block_rows_, checked(precision)),
      scratch_(embedding_.scratch()) {
    layers_.reserve(weights.layers.size());
    for (const FoldedLayer& layer : weights.layers) {
        layers_.emplace_back(layer, weights.layer_norm, weights.activation, block_rows_, precision);
        scratch_ = larger(scratch_, layers_.back().scratch());
    }
    if (!weights.head.empty()) {
        head_.emplace(weights.head, block_rows_);
        scratch_ = larger(scratch_, head_->scratch());
    }
}

void Network::run(const NetworkInput& input, Workspace& workspace) const {
    workspace.prepare(input, channels_, block_rows_, scratch_);
    embedding_.run(input, workspace);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        layers_[i].run(input, input.planes[i % input.planes.size()], workspace);
    }
}

void Network::logits(std::size_t points, Workspace& workspace, Head::Body body) const {
    if (!head_) {
        base::fail("the network has no head: it gives tokens, not logits");
    }
    head_->run(points, workspace, body);
}

}  // namespace distillar::runtime
