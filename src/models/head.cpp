#include "models/head.hpp"

#include <array>

#include "base/error.hpp"
#include "models/layers.hpp"

namespace distillar::models {

namespace {

constexpr std::array<std::pair<HeadKind, const char*>, 4> kinds{{
    {HeadKind::linear, "linear"},
    {HeadKind::mlp, "mlp"},
    {HeadKind::bn_linear, "bn_linear"},
    {HeadKind::bn_mlp, "bn_mlp"},
}};

void set_zero(PointConvolution& convolution) {
    const torch::NoGradGuard no_grad;
    convolution.weight.zero_();
    convolution.bias.zero_();
}

}  // namespace

struct Head::Parts {
    std::shared_ptr<BatchNorm> norm;           ///< bn_linear, bn_mlp
    std::shared_ptr<PointConvolution> hidden;  ///< mlp, bn_mlp
    std::shared_ptr<PointConvolution> last;
};

Head::Head(const HeadConfig& config) : config_(config), parts_(new Parts) {
    const bool has_norm = config.kind == HeadKind::bn_linear || config.kind == HeadKind::bn_mlp;
    const bool has_hidden = config.kind == HeadKind::mlp || config.kind == HeadKind::bn_mlp;
    if (config.inputs <= 0 || config.outputs <= 0 || (has_hidden && config.hidden <= 0)) {
        base::fail("a {} head of {} inputs, {} hidden and {} outputs cannot be made",
                   name_of(config.kind), config.inputs, config.hidden, config.outputs);
    }
    int next = 0;
    const auto add = [&](const auto& module) {
        register_module(std::to_string(next++), module);
        return module;
    };
    if (has_norm) {
        parts_->norm = add(std::make_shared<BatchNorm>(config.inputs));
    }
    if (has_hidden) {
        parts_->hidden =
            add(std::make_shared<PointConvolution>(config.inputs, config.hidden, true));
        ++next;  // the activation
    }
    parts_->last = std::make_shared<PointConvolution>(has_hidden ? config.hidden : config.inputs,
                                                      config.outputs, true);
    if (config.kind == HeadKind::linear) {
        register_parameter("weight", parts_->last->weight);
        register_parameter("bias", parts_->last->bias);
    } else {
        add(parts_->last);
    }
    if (has_norm) {
        set_zero(*parts_->last);
    }
}

torch::Tensor Head::forward(const torch::Tensor& tokens) {
    if (tokens.dim() != 2 || tokens.size(1) != config_.inputs) {
        base::fail("the head needs tokens of {} channels, got {}", config_.inputs,
                   tokens.dim() == 2 ? tokens.size(1) : 0);
    }
    if (tokens.size(0) == 0) {
        return tokens.new_zeros({0, config_.outputs});
    }
    torch::Tensor rows = tokens;
    if (parts_->norm) {
        rows = parts_->norm->forward(rows);
    }
    if (parts_->hidden) {
        rows = torch::relu(parts_->hidden->forward(rows));
    }
    return parts_->last->forward(rows);
}

HeadKind head_kind_from(const std::string& name) {
    for (const auto& [kind, known] : kinds) {
        if (name == known) {
            return kind;
        }
    }
    base::fail("head {} is not known: use linear, mlp, bn_linear or bn_mlp", name);
}

const char* name_of(HeadKind kind) {
    return kinds[static_cast<std::size_t>(kind)].second;
}

}  // namespace distillar::models
