#include "models/fused.hpp"

namespace distillar::models {

Fused::Fused(std::shared_ptr<Network> student, const HeadConfig& head, FusionConfig fusion)
    : student_(register_module("student", std::move(student))) {
    fusion_ = register_module("fusion", std::make_shared<Fusion>(fusion));
    fused_head_ = register_module("fused_head", std::make_shared<Head>(head));
}

Fused::Output Fused::forward(const TorchBatch& batch, const PointViews& views) {
    Output output;
    output.views = fusion_->adapt(views);
    output.tokens = student_->backbone().forward(batch);
    output.fused = fusion_->forward(output.tokens, output.views);
    output.student_logits = student_->head().forward(output.tokens);
    output.fused_logits = fused_head_->forward(output.fused);
    return output;
}

}  // namespace distillar::models
