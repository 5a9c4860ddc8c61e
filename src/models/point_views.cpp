#include "models/point_views.hpp"

namespace distillar::models {

torch::Tensor turns(const PointViews& views) {
    const torch::Tensor& point = views.point;
    const torch::Tensor places = torch::arange(point.size(0), point.options());
    if (point.size(0) < 2) {
        return places;
    }
    torch::Tensor first = torch::zeros_like(point);  // where the run of equal points begins
    const torch::Tensor begins = point.slice(0, 1).ne(point.slice(0, 0, -1));
    first.slice(0, 1).copy_(places.slice(0, 1) * begins);
    return places - std::get<0>(first.cummax(0));
}

torch::Tensor view_counts(const PointViews& views, std::int64_t points) {
    const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(views.point.device());
    return torch::zeros({points, 1}, options)
        .index_add(0, views.point, torch::ones({views.size(), 1}, options));
}

torch::Tensor mean_views(const PointViews& views, std::int64_t points) {
    const torch::Tensor sum = views.features.new_zeros({points, views.features.size(1)})
                                  .index_add(0, views.point, views.features);
    return sum / view_counts(views, points).clamp_min(1);
}

}  // namespace distillar::models
