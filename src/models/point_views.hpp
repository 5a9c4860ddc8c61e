#pragma once
#include "models/torch.hpp"

namespace distillar::models {

/// What cameras saw of the points of a batch: row m is the view of one camera of point `point[m]`.
/// A point may have no row, one, or several.
struct PointViews {
    torch::Tensor point;     ///< M, int64: the row of the point, ascending
    torch::Tensor features;  ///< M x D: an image network's features at the point's pixel

    std::int64_t size() const { return point.size(0); }
};

/// M, int64: which of its point's views each row is: 0, 1, 2, ...
torch::Tensor turns(const PointViews& views);

/// points x 1: how many views each point has.
torch::Tensor view_counts(const PointViews& views, std::int64_t points);

/// points x D: the mean of each point's views; 0 for a point without one.
torch::Tensor mean_views(const PointViews& views, std::int64_t points);

}  // namespace distillar::models
