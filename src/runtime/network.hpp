#pragma once
#include <optional>

#include "runtime/embedding.hpp"
#include "runtime/head.hpp"
#include "runtime/mix_layer.hpp"

namespace distillar::runtime {

/// A WaffleIron with its head, weights packed for this processor. Immutable: any number of threads
/// may run it at once, each with its own workspace. The same bits for any number of threads.
class Network {
public:
    /// @param neighbors  K of the inputs it will see.
    /// @param steps      for int8; products that it has none for run in bf16 (or fp32).
    /// @throws base::Error if the processor lacks what the precision needs.
    Network(const FoldedWeights& weights, std::size_t neighbors, Precision precision,
            const formats::Int8Scales& steps = {});

    /// MixLayer::Observer, with the layer first.
    using Observer = std::function<void(std::size_t layer, std::size_t begin, std::size_t rows,
                                        const float* tokens)>;

    /// Embedding and layers; the tokens stay in the workspace. At least one point.
    void run(const NetworkInput& input, Workspace& workspace, const Observer& observer = {}) const;

    /// Head over the tokens of the last run: Head::run.
    void logits(std::size_t points, Workspace& workspace, Head::Body body) const;

    std::size_t outputs() const { return head_ ? head_->outputs() : 0; }
    std::size_t channels() const { return channels_; }
    std::size_t layers() const { return layers_.size(); }

private:
    std::size_t channels_, block_rows_;
    Embedding embedding_;
    std::vector<MixLayer> layers_;
    std::optional<Head> head_;
    ScratchSizes scratch_;
};

}  // namespace distillar::runtime
