#include "training/distillation_sample.hpp"

#include <algorithm>
#include <unordered_map>

namespace distillar::training {

namespace {

/// The points of one camera, and the camera.
struct Seen {
    const datasets::CameraView* view;
    std::vector<geometry::PointPixel> pixels;
};

std::vector<Seen> look(const datasets::Frame& frame, bool all_cameras, base::Random* random) {
    std::vector<const datasets::CameraView*> chosen;
    if (all_cameras) {
        for (const auto& view : frame.views) {
            chosen.push_back(&view);
        }
    } else if (!frame.views.empty()) {
        chosen.push_back(
            &frame.views[random->below(static_cast<std::uint32_t>(frame.views.size()))]);
    }
    std::vector<Seen> seen;
    for (const auto* view : chosen) {
        seen.push_back({view, geometry::project(frame.points, view->camera, view->T_camera_lidar,
                                                view->border)});
    }
    return seen;
}

std::vector<std::uint32_t> visible_points(const std::vector<Seen>& seen) {
    std::vector<std::uint32_t> points;
    for (const auto& one : seen) {
        for (const auto& pixel : one.pixels) {
            points.push_back(pixel.point);
        }
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    return points;
}

/// Row of the sample of each point of the scan, -1 where it was not kept.
std::vector<std::int64_t> sample_rows(const geometry::Sample& sample, std::size_t points) {
    std::vector<std::int64_t> rows(points, -1);
    for (std::size_t row = 0; row < sample.size(); ++row) {
        rows[sample.kept[row]] = static_cast<std::int64_t>(row);
    }
    return rows;
}

}  // namespace

DistillationSample distillation_sample(const datasets::Frame& frame,
                                       const geometry::InputSpec& input, const ViewConfig& views,
                                       const geometry::Augmentation* augmentation,
                                       base::Random* random, models::Teacher& teacher) {
    const bool all = augmentation == nullptr || views.all_cameras;
    const bool unseen = augmentation == nullptr || views.unseen_points;
    const auto seen = look(frame, all, random);
    const auto visible = unseen ? std::vector<std::uint32_t>{} : visible_points(seen);
    DistillationSample result;
    result.sample = geometry::preprocess(datasets::scan_of(frame, nullptr), input, augmentation,
                                         random, unseen ? nullptr : &visible);
    const auto row_of = sample_rows(result.sample, static_cast<std::size_t>(frame.points.rows()));
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
            features.push_back(models::sample_features(teacher.features(one.view->image), pixels));
        }
    }
    result.features =
        features.empty() ? torch::empty({0, teacher.channels()}) : torch::cat(features);
    return result;
}

}  // namespace distillar::training
