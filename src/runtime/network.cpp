#include "runtime/network.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "runtime/precision_names.hpp"

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

/// That of the products which are not in bytes.
Precision floats_of(Precision precision) {
    require_supported(precision);
    if (precision != Precision::int8) {
        return precision;
    }
    return kernels::has_bf16() ? Precision::bf16 : Precision::fp32;
}

}  // namespace

Network::Network(const FoldedWeights& weights, std::size_t neighbors, Precision precision,
                 const formats::Int8Scales& steps)
    : channels_(weights.channels),
      block_rows_(rows_a_block(weights.channels)),
      embedding_(weights.embedding, neighbors, block_rows_, floats_of(precision),
                 precision == Precision::int8 ? steps.embedding : Values{}),
      scratch_(embedding_.scratch()) {
    const MixLayer::Kind kind{weights.layer_norm, weights.activation, block_rows_};
    layers_.reserve(weights.layers.size());
    for (std::size_t i = 0; i < weights.layers.size(); ++i) {
        const bool bytes =
            precision == Precision::int8 && i < steps.layers.size() && steps.layers[i].has_value();
        layers_.emplace_back(weights.layers[i], kind,
                             bytes ? Precision::int8 : floats_of(precision),
                             bytes ? *steps.layers[i] : formats::Int8Scales::Layer{});
        scratch_ = larger(scratch_, layers_.back().scratch());
    }
    if (!weights.head.empty()) {
        head_.emplace(weights.head, block_rows_);
        scratch_ = larger(scratch_, head_->scratch());
    }
}

void Network::run(const NetworkInput& input, Workspace& workspace, const Observer& observer) const {
    workspace.prepare(input, channels_, block_rows_, scratch_);
    embedding_.run(input, workspace);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        MixLayer::Observer of_layer;
        if (observer) {
            of_layer = [&, i](std::size_t begin, std::size_t rows, const float* tokens) {
                observer(i, begin, rows, tokens);
            };
        }
        layers_[i].run(input, input.planes[i % input.planes.size()], workspace, of_layer);
    }
}

void Network::logits(std::size_t points, Workspace& workspace, Head::Body body) const {
    if (!head_) {
        base::fail("the network has no head: it gives tokens, not logits");
    }
    head_->run(points, workspace, body);
}

}  // namespace distillar::runtime
