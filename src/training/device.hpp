#pragma once
#include <string>

#include "models/torch.hpp"

namespace distillar::training {

/// @param name  "cpu" or "cuda". @throws base::Error for any other, or if there is no GPU.
torch::Device device_named(const std::string& name);

}  // namespace distillar::training
