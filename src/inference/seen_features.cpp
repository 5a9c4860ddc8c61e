#include "inference/seen_features.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace distillar::inference {

namespace {

/// Row of the sample of each point of the scan, -1 where it was not kept.
std::vector<std::int64_t> sample_rows(const geometry::Sample& sample, std::size_t points) {
    std::vector<std::int64_t> rows(points, -1);
    for (std::size_t row = 0; row < sample.size(); ++row) {
        rows[sample.kept[row]] = static_cast<std::int64_t>(row);
    }
    return rows;
}

void require_size(const models::FeatureGrid& grid, const datasets::CameraView& view) {
    const auto& camera = view.camera;
    if (grid.image_width != camera.width || grid.image_height != camera.height) {
        base::fail_in(view.image,
                      "has {} x {} pixels, but {} is calibrated for {} x {}: give intrinsics of "
                      "this size, or images of that one",
                      grid.image_width, grid.image_height, view.name, camera.width, camera.height);
    }
}

}  // namespace

Seen look_through(const datasets::CameraView& view, const geometry::Points& points) {
    return {&view, geometry::project(points, view.camera, view.T_camera_lidar, view.border)};
}

std::vector<Seen> look_through(const std::vector<datasets::CameraView>& views,
                               const geometry::Points& points) {
    std::vector<Seen> seen;
    for (const auto& view : views) {
        seen.push_back(look_through(view, points));
    }
    return seen;
}

SeenFeatures seen_features(const std::vector<Seen>& seen, const geometry::Sample& sample,
                           std::size_t points, models::Teacher& teacher) {
    const auto row_of = sample_rows(sample, points);
    SeenFeatures result;
    std::vector<torch::Tensor> features;
    for (const auto& one : seen) {
        std::vector<geometry::PointPixel> pixels;
        for (const auto& pixel : one.pixels) {
            if (row_of[pixel.point] >= 0) {
                pixels.push_back(pixel);
                result.rows.push_back(row_of[pixel.point]);
            }
        }
        if (!pixels.empty()) {
            const auto grid = teacher.features(one.view->image);
            require_size(grid, *one.view);
            features.push_back(models::sample_features(grid, pixels));
        }
    }
    result.features =
        features.empty() ? torch::empty({0, teacher.channels()}) : torch::cat(features);
    return result;
}

models::PointViews point_views(const std::vector<SeenSample>& samples) {
    std::vector<std::int64_t> rows;
    std::vector<torch::Tensor> features;
    std::int64_t first = 0;
    for (const auto& sample : samples) {
        for (const std::int64_t row : sample.seen.rows) {
            rows.push_back(first + row);
        }
        features.push_back(sample.seen.features);
        first += static_cast<std::int64_t>(sample.sample.size());
    }
    std::vector<std::int64_t> order(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = static_cast<std::int64_t>(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return rows[static_cast<std::size_t>(a)] < rows[static_cast<std::size_t>(b)];
    });
    const torch::Tensor sorted = torch::tensor(order, torch::kInt64);
    return {torch::tensor(rows, torch::kInt64).index_select(0, sorted),
            torch::cat(features).index_select(0, sorted)};
}

}  // namespace distillar::inference
