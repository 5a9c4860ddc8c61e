#pragma once
#include <span>

#include "base/function_ref.hpp"
#include "kernels/packed_product.hpp"
#include "runtime/folded_weights.hpp"
#include "runtime/workspace.hpp"

namespace distillar::runtime {

/// One or two linear maps with ReLU between, float32 in every precision.
class Head {
public:
    Head(const std::vector<FoldedLinear>& maps, std::size_t block_rows);

    /// Calls body(begin, rows, logits) for blocks of points, several at once; `logits` are
    /// rows x outputs() and live during the call.
    using Body = base::FunctionRef<void(std::size_t, std::size_t, const float*)>;
    void run(std::size_t points, Workspace& workspace, Body body) const;

    std::size_t outputs() const { return outputs_; }
    ScratchSizes scratch() const;

private:
    std::size_t channels_ = 0, outputs_ = 0, block_rows_;
    std::vector<kernels::PackedProduct> products_;
};

/// The largest logit's class (the lowest of equal ones) and its softmax probability, per row; 255
/// and 0 where a logit is not finite (features beyond all measure).
void classify(const float* logits, std::size_t rows, std::size_t classes, std::uint8_t* labels,
              float* confidence);

}  // namespace distillar::runtime
