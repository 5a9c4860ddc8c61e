#pragma once
/// Small helpers of the autograd functions around our kernels.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "kernels/activation.hpp"
#include "models/torch.hpp"
#include "models/waffleiron.hpp"

namespace distillar::models::functions {

/// An autograd function takes no undefined tensors: an empty one stands for "none".
inline torch::Tensor or_none(const torch::Tensor& tensor) {
    return tensor.defined() ? tensor : torch::empty({0});
}

/// Data of a contiguous float32 tensor, or null if it is none.
inline const float* data_of(const torch::Tensor& tensor) {
    return tensor.defined() && tensor.numel() > 0 ? tensor.data_ptr<float>() : nullptr;
}
inline float* target_of(const torch::Tensor& tensor) {
    return tensor.defined() && tensor.numel() > 0 ? tensor.data_ptr<float>() : nullptr;
}
inline std::size_t size_of(const torch::Tensor& tensor, std::int64_t dimension) {
    return static_cast<std::size_t>(tensor.size(dimension));
}
inline torch::Tensor dense(const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.detach().contiguous() : tensor;
}
/// Detached and contiguous, in the same order.
inline std::vector<torch::Tensor> dense(at::TensorList tensors) {
    std::vector<torch::Tensor> result;
    for (const torch::Tensor& tensor : tensors) {
        result.push_back(dense(tensor));
    }
    return result;
}

/// Room for the gradients of the first `count` tensors; undefined where those are none.
inline std::vector<torch::Tensor> empty_like(const std::vector<torch::Tensor>& tensors,
                                             std::size_t count) {
    std::vector<torch::Tensor> result(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (tensors[i].defined() && tensors[i].numel() > 0) {
            result[i] = torch::empty(tensors[i].sizes(), torch::kFloat32);
        }
    }
    return result;
}

/// True if a backward pass may follow.
inline bool needs_gradient(at::TensorList tensors) {
    return torch::GradMode::is_enabled() &&
           std::any_of(tensors.begin(), tensors.end(), [](const torch::Tensor& tensor) {
               return tensor.defined() && tensor.requires_grad();
           });
}

inline kernels::Activation kernel_activation(std::int64_t activation) {
    return activation == static_cast<std::int64_t>(Activation::gelu) ? kernels::Activation::gelu
                                                                     : kernels::Activation::relu;
}

}  // namespace distillar::models::functions
