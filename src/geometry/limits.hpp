#pragma once

namespace distillar::geometry {

// What a network's input and layers may be: configs, model files and preprocessing refuse more.
inline constexpr int max_neighbors = 1024;
inline constexpr int max_grids = 64;
inline constexpr int max_cells = 1 << 14;  ///< rows or columns of a grid
inline constexpr int max_channels = 1 << 16;
inline constexpr int max_depth = 1 << 12;
inline constexpr double max_tilt = 45;  ///< degrees

}  // namespace distillar::geometry
