#pragma once
#include "formats/model_file.hpp"

namespace distillar::runtime {

/// The pinned case of docs/performance.md: WaffleIron-48-256, LayerNorm, ReLU, 5 inputs, 16
/// neighbours, x, y +-50 m, z -5..3 m, cells of 0.4 m, 16 classes, nuScenes' intensities; or the
/// same of another size. Weights: random_model().
formats::ModelDescription pinned_model(int channels = 256, int layers = 48);

}  // namespace distillar::runtime
