#include "training/distillation_sample.hpp"

#include <algorithm>

namespace distillar::training {

namespace {

std::vector<Seen> look(const datasets::Frame& frame, bool all_cameras, base::Random* random) {
    if (all_cameras) {
        return look_through(frame.views, frame.points);
    }
    if (frame.views.empty()) {
        return {};
    }
    const auto one = random->below(static_cast<std::uint32_t>(frame.views.size()));
    return {look_through(frame.views[one], frame.points)};
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
    auto features =
        seen_features(seen, result.sample, static_cast<std::size_t>(frame.points.rows()), teacher);
    result.rows = std::move(features.rows);
    result.features = std::move(features.features);
    return result;
}

}  // namespace distillar::training
