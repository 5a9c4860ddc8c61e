#pragma once
/// What configs say of image networks and of how they meet points; no LibTorch.
#include <array>

namespace distillar::models {

/// Where on the image a feature cell lies.
enum class CellGeometry {
    /// Cell (r, c) covers rows [r H/rows, (r+1) H/rows) and columns alike. A point at the exact
    /// image position (u, v), where (0, 0) is the first pixel's centre, lies at the grid position
    /// x = (u + 0.5) columns/W - 0.5, y = (v + 0.5) rows/H - 0.5.
    centres,
    /// First and last cells sit on the border pixels of the network's input (align_corners), as in
    /// DINOv2's published use. A point's pixel is first brought to the input's size, column' =
    /// floor(column input_width/W) (methods.md 2.2, step 6), then x = column' (columns - 1) /
    /// (input_width - 1) (2.3); rows alike.
    corners
};
constexpr auto enum_names(CellGeometry) {
    return std::array{"centres", "corners"};
}

enum class Precision { fp32, bf16 };
constexpr auto enum_names(Precision) {
    return std::array{"fp32", "bf16"};
}

struct DinoV2Config {
    int dim = 1024;
    int depth = 24;
    int heads = 16;
    int patch = 14;
    int positions = 37;  ///< the stored position embedding is positions x positions
    int registers = 0;
    bool swiglu = false;
};

/// How a point's token meets what cameras saw of it (xModel-KD [ours], methods.md 3).
/// gate: u = f + a * h,  a = sigmoid(MLP([f; W v])),  h = MLP([f; W v; m]),  v the mean of the
///       point's views (0 without one), m = 1 with a view, else 0.
/// attention: one block over the point's own views: u = f + Wo attend(Wq LN(f); Wk v, Wv v), then
///       u + MLP(LN(u)). A point without a view attends to nothing: 0.
enum class FusionKind { gate, attention };
constexpr auto enum_names(FusionKind) {
    return std::array{"gate", "attention"};
}

}  // namespace distillar::models
