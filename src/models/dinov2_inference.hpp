#pragma once
#include <memory>

#include "models/dinov2.hpp"

namespace distillar::models {

/// The blocks of a DINOv2 network on the CPU: weights packed once (norms, LayerScale and the
/// attention's factor folded in), products, softmax and norms by oneDNN, one row block a thread at
/// a time. Equal to DinoV2's own blocks but for rounding; the same bits for any number of threads.
class DinoV2Inference {
public:
    /// @param tokens  of one image: class token, registers and patches.
    /// @throws base::Error if the network has the SwiGLU MLP, or for bf16 if the processor has
    /// none.
    DinoV2Inference(const DinoV2& network, std::int64_t tokens, Precision precision);
    ~DinoV2Inference();

    /// 1 x tokens x dim float32 before the first block -> after the last. Thread-safe.
    torch::Tensor run(const torch::Tensor& tokens) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace distillar::models
