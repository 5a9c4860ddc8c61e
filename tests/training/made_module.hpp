#pragma once
/// A TorchScript module as a teacher, made by the test itself.
#include <torch/csrc/jit/api/module.h>

#include <filesystem>

namespace distillar::test {

/// Means over 8 x 8 pixels, and their negatives: six channels.
inline std::filesystem::path write_module(const std::filesystem::path& file) {
    torch::jit::Module module("pooled");
    module.define(
        "def forward(self, x):\n"
        "    y = torch.avg_pool2d(x, [8, 8])\n"
        "    return torch.cat([y, -y], 1)\n");
    module.save(file.string());
    return file;
}

}  // namespace distillar::test
