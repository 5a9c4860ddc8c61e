#pragma once
#include <string>
#include <vector>

#include "formats/model_file.hpp"
#include "kernels/activation.hpp"

namespace distillar::runtime {

using Values = std::vector<float>;

/// A linear map: weight outputs x inputs, row-major, and bias.
struct FoldedLinear {
    std::size_t inputs = 0, outputs = 0;
    Values weight, bias;
};

/// tokens = points x + neighbors max_k(second relu(first (x_k - x))), x the raw features: all
/// batch norms and the point branch are in these maps. `second` and `neighbors` have no bias.
struct FoldedEmbedding {
    FoldedLinear first, second, points, neighbors;
};

/// One layer. Before its norm's weight and bias a row is normalised over channels (LayerNorm) or
/// taken as it is (BatchNorm: weight and bias hold its statistics).
struct FoldedLayer {
    Values cell_factor, cell_shift;   ///< norm of the spatial part, applied to the cells' means
    Values first_taps, first_bias;    ///< C x 9, C
    Values second_taps, second_bias;  ///< with LayerScale
    FoldedLinear expand, reduce;      ///< channel part: norm in `expand`, LayerScale in `reduce`
};

/// A WaffleIron with head in the form that is run: everything constant folded, float32.
struct FoldedWeights {
    std::size_t channels = 0;
    std::size_t inputs = 0;
    bool layer_norm = true;
    kernels::Activation activation = kernels::Activation::relu;
    FoldedEmbedding embedding;
    std::vector<FoldedLayer> layers;
    std::vector<FoldedLinear> head;  ///< one or two maps with ReLU between; none: a bare backbone
};

/// Folds in float64.
/// @throws base::Error naming `source` and tensors that are missing, extra, mis-shaped, of another
///         type than floats, or give a folded value that is not finite.
FoldedWeights fold_weights(const formats::ModelFile& file, const std::string& source);

}  // namespace distillar::runtime
