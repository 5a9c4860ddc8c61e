#pragma once
#include <memory>
#include <string>

#include "models/torch.hpp"

namespace distillar::models {

/// linear: Linear (ScaLR distillation).           keys weight, bias
/// mlp: Linear-ReLU-Linear (ScaLR+ distillation).  keys 0.*, 2.*
/// bn_linear: BatchNorm-Linear (published probing and fine-tuning; linear starts at 0).
///                                                 keys 0.*, 1.*
/// bn_mlp: BatchNorm-Linear-ReLU-Linear (MuDDoS step 2 [ours]; last layer starts at 0).
///                                                 keys 0.*, 1.*, 3.*
enum class HeadKind { linear, mlp, bn_linear, bn_mlp };

struct HeadConfig {
    HeadKind kind = HeadKind::bn_mlp;
    int inputs = 768;
    int outputs = 0;
    int hidden = 0;  ///< mlp, bn_mlp
};

/// Tokens (N x inputs) -> N x outputs. Weights have the published shapes ([out, in, 1]).
class Head : public torch::nn::Module {
public:
    explicit Head(const HeadConfig& config);
    torch::Tensor forward(const torch::Tensor& tokens);
    const HeadConfig& config() const { return config_; }

private:
    struct Parts;
    HeadConfig config_;
    std::shared_ptr<Parts> parts_;
};

HeadKind head_kind_from(const std::string& name);
const char* name_of(HeadKind kind);

}  // namespace distillar::models
