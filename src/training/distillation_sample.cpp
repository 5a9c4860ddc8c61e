#include "training/distillation_sample.hpp"

#include <algorithm>

namespace distillar::training {

namespace {

std::vector<Seen> look(const datasets::Frame& frame, bool all_cameras, base::Random* random) {
    std::vector<Seen> seen;
    if (all_cameras) {
        for (const auto& view : frame.views) {
            seen.push_back(look_through(view, frame.points));
        }
    } else if (!frame.views.empty()) {
        const auto& view =
            frame.views[random->below(static_cast<std::uint32_t>(frame.views.size()))];
        seen.push_back(look_through(view, frame.points));
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
