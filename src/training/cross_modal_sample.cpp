#include "training/cross_modal_sample.hpp"

#include <algorithm>

#include "datasets/sweeps.hpp"
#include "training/supervised_sample.hpp"

namespace distillar::training {

namespace {

constexpr std::uint32_t dropout_stream = 9;

std::vector<datasets::CameraView> views_of(const datasets::Mixture& mixture, std::size_t frame,
                                           const FuseConfig& config) {
    auto views = mixture.read(frame)->views;
    for (auto& view : datasets::neighbour_views(mixture, frame, config.sweeps)) {
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace

std::vector<datasets::CameraView> draw_views(std::vector<datasets::CameraView> views,
                                             const FuseConfig& config, base::Random& random) {
    if (random.chance(config.image_dropout)) {
        return {};
    }
    std::erase_if(views, [&](const auto&) { return random.chance(config.camera_dropout); });
    return views;
}

CrossModalSample cross_modal_sample(const datasets::Mixture& mixture, const Draw& draw,
                                    const Labelling& labelling, bool labelled,
                                    const FuseRunConfig& config, models::Teacher& teacher) {
    const auto frame = mixture.read(draw.frame);
    geometry::Scan scan = labelling.scan(*frame);
    if (!labelled) {
        std::fill(scan.labels.begin(), scan.labels.end(), geometry::ignore_label);
    }
    CrossModalSample result;
    result.sample = augmented_sample(scan, config, draw);
    base::Random random(config.seed, draw.epoch, draw.position, dropout_stream);
    const auto views = draw_views(views_of(mixture, draw.frame, config.fuse), config.fuse, random);
    result.seen = seen_features(look_through(views, frame->points), result.sample,
                                static_cast<std::size_t>(frame->points.rows()), teacher);
    return result;
}

models::PointViews point_views(const std::vector<CrossModalSample>& samples) {
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

}  // namespace distillar::training
