#pragma once
#include <torch/torch.h>

#include <string>

namespace distillar::training {

/// @param name  "cpu" or "cuda". @throws base::Error for any other, or if there is no GPU.
torch::Device device_named(const std::string& name);

}  // namespace distillar::training
