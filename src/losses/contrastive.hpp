#pragma once
#include "models/point_views.hpp"

namespace distillar::losses {

struct ContrastiveConfig {
    double temperature = 0.07;
    bool symmetric = false;  ///< 0.5 (points -> pixels + pixels -> points), else points -> pixels
    std::int64_t block = 1024;  ///< rows of the similarity matrix that are held at once
};

/// PointInfoNCE over N matched pairs, as PPKT and SLidR have it; negatives of a point are the
/// pixels of all other pairs:
///     -(1/N) sum_i log( exp(a_i.b_i / t) / sum_j exp(a_i.b_j / t) ),   rows a, b of unit length
/// Both N x D of any length; norms are clamped at 1e-12. Memory N x block instead of N x N, in the
/// backward pass too: blocks are computed again there. 0 (with a graph) if there is no pair.
torch::Tensor contrastive(const torch::Tensor& points, const torch::Tensor& pixels,
                          const ContrastiveConfig& config);

/// Contrastive over several views a point: in turn the first view of every point that has one, the
/// second, ..., each against its own turn alone, so that no other view of a point is its negative;
/// the mean over all pairs. @param points  N x D, the rows that `views.point` names.
torch::Tensor multi_view_contrastive(const torch::Tensor& points, const models::PointViews& views,
                                     const ContrastiveConfig& config);

/// Mean of 1 - cos over all ordered pairs of different views of one point; 0 if no point has two.
torch::Tensor view_consistency(const models::PointViews& views);

}  // namespace distillar::losses
