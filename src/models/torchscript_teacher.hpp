#pragma once
#include <filesystem>

#include "models/teacher.hpp"

namespace distillar::models {

struct TorchScriptOptions {
    int height = 224;  ///< input size, pixels
    int width = 448;
    bool imagenet = true;  ///< normalised as ImageNet; else left in [0, 1]
    CellGeometry geometry = CellGeometry::centres;
};

/// Any network as a TorchScript module: 1 x 3 x height x width float32 in, 1 x C x h x w out, or
/// 1 x (h w) x C of square patches (no class token).
///
/// A module is a program: it may do whatever this process may, and LibTorch reads it with its own
/// unpickler. Open only what the user said to trust.
/// @throws base::Error if it cannot be loaded, or fails or answers otherwise on a black image.
std::unique_ptr<Teacher> open_torchscript(const std::filesystem::path& module,
                                          const TorchScriptOptions& options, torch::Device device);

}  // namespace distillar::models
