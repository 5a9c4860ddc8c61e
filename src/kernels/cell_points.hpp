#pragma once
/// What happens between a plane's occupied cells and the points in them.
#include <cstddef>
#include <cstdint>

#include "kernels/spatial_mix.hpp"

namespace distillar::kernels {

/// The points of an occupied cell. Their rows lie apart in memory, so loops over them ask for the
/// rows of later points (of this cell or the next ones) ahead of time.
class CellPoints {
public:
    CellPoints(const PlaneTable& table, std::size_t cell)
        : begin_(table.point_order.data() + table.cell_offsets[cell]),
          end_(table.point_order.data() + table.cell_offsets[cell + 1]),
          last_(table.point_order.data() + table.point_order.size() - 1) {}
    const std::int32_t* begin() const { return begin_; }
    const std::int32_t* end() const { return end_; }
    std::size_t count() const { return static_cast<std::size_t>(end_ - begin_); }
    /// The point some places after `point`.
    std::size_t later(const std::int32_t* point) const {
        constexpr std::ptrdiff_t ahead = 6;
        return static_cast<std::size_t>(last_ - point > ahead ? point[ahead] : *last_);
    }

private:
    const std::int32_t* begin_;
    const std::int32_t* end_;
    const std::int32_t* last_;
};

/// mean = mean over the cell's points of their normalised rows; saves each point's moments.
void mean_of_cell(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                  float* mean);

/// out[p] = tokens[p] + row_scale[p] * value for the cell's points.
void add_to_points(const SpatialMix& mix, const CellPoints& points, const float* tokens,
                   const float* value, float* out);

/// sum = sum over the cell's points of row_scale * gradient.
void sum_of_points(const SpatialMix& mix, const CellPoints& points, const float* gradient,
                   float* sum);

/// Gradient of a cell's mean -> of its points' inputs (and += the gradient past the branch).
/// `normed_gradient` is the gradient of each point's normalised row: the same for all of them.
void spread_to_points(const SpatialMix& mix, const SpatialMixSaved& saved, const CellPoints& points,
                      const float* normed_gradient, const float* past, float* out);

/// out = gradient * weight * share: from a cell's mean to each of its points' normalised rows.
void share_gradient(const float* gradient, const float* weight, float share, std::size_t channels,
                    float* out);

/// sums[0] += gradient * cell, sums[1] += gradient.
void add_norm_gradients(const float* gradient, const float* cell, std::size_t channels,
                        float* sums);

}  // namespace distillar::kernels
