#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "formats/tensor.hpp"
#include "models/torch.hpp"

namespace distillar::training {

/// Defaults are PyTorch's.
struct AdamWConfig {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;  ///< of every parameter, biases and norms included, as published
};

/// A parameter that is trained, under its name in the module.
struct TrainedParameter {
    std::string name;
    torch::Tensor value;  ///< float32, contiguous
    double scale = 1;     ///< of the learning rate
};

/// Learning-rate scales of layer-wise decay (ScaLR's finetune.py): decay^(depth + 1 - id) with id 0
/// for "embed.*", d + 1 for "waffleiron.{channel,spatial}_mix.d.*", depth + 1 for "classif.*";
/// depth is read off the names. All 1 for decay = 1, whatever the names.
/// @throws base::Error naming a parameter that is none of these.
std::vector<double> layer_scales(const std::vector<std::string>& names, double decay);

/// The parameters of a module that require a gradient, in the module's order.
std::vector<TrainedParameter> trained_parameters(const torch::nn::Module& module,
                                                 double layer_decay = 1);

/// AdamW (Loshchilov and Hutter, 2019) with PyTorch's arithmetic. A parameter without a gradient is
/// left alone. On the CPU one fused pass, the same bits for any number of threads.
class AdamW {
public:
    AdamW(std::vector<TrainedParameter> parameters, const AdamWConfig& config);

    /// One step with learning rate x factor (the schedule's) x the parameter's scale.
    void step(double factor);
    void zero_gradients();
    /// New gradients of the loss, and one step down them. @return the loss.
    double minimise(const torch::Tensor& loss, double factor);
    const std::vector<TrainedParameter>& parameters() const { return parameters_; }
    double learning_rate() const { return config_.learning_rate; }

    /// Moments and step counts as "NAME.exp_avg", "NAME.exp_avg_sq" (float32) and "NAME.step"
    /// (int64): with the parameters, all that an exact continuation needs.
    formats::Tensors state() const;
    /// @throws base::Error naming what is missing, left over or mis-shaped; nothing changes then.
    void load_state(const formats::Tensors& state, const std::string& source);

private:
    std::vector<TrainedParameter> parameters_;
    AdamWConfig config_;
    std::vector<torch::Tensor> exp_avg_;
    std::vector<torch::Tensor> exp_avg_sq_;
    std::vector<std::int64_t> steps_;
};

/// One parameter's AdamW update with everything that does not vary over its elements worked out:
///     p *= keep;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g g
///     p -= step_size m / (sqrt(v) / root_correction + epsilon)
struct AdamWUpdate {
    torch::Tensor value;
    torch::Tensor gradient;
    torch::Tensor exp_avg;
    torch::Tensor exp_avg_sq;
    double keep = 1;             ///< 1 - rate x weight decay
    double step_size = 0;        ///< rate / (1 - beta1^t)
    double root_correction = 1;  ///< sqrt(1 - beta2^t)
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
};

/// All updates in one fused pass. Contiguous float32 CPU tensors.
void adamw_on_cpu(const std::vector<AdamWUpdate>& updates);

/// Any device, by LibTorch's operations: the GPU's path, and the twin in tests.
void adamw_by_operations(const AdamWUpdate& update);

}  // namespace distillar::training
