#include "training/cross_modal.hpp"

#include <algorithm>

#include "datasets/sweeps.hpp"
#include "losses/contrastive.hpp"
#include "losses/knowledge.hpp"
#include "losses/segmentation.hpp"

namespace distillar::training {

namespace {

std::vector<datasets::CameraView> views_of(const datasets::Mixture& mixture, std::size_t frame,
                                           const FuseConfig& config) {
    auto views = mixture.read(frame)->views;
    for (auto& view : datasets::neighbour_views(mixture, frame, config.sweeps)) {
        views.push_back(std::move(view));
    }
    return views;
}

/// One row of each run of equal points, drawn at random.
std::vector<std::int64_t> one_a_point(const torch::Tensor& point, base::Random& random) {
    const auto* points = point.data_ptr<std::int64_t>();
    const std::int64_t count = point.size(0);
    std::vector<std::int64_t> rows;
    for (std::int64_t first = 0, last = 0; first < count; first = last) {
        while (last < count && points[last] == points[first]) {
            ++last;
        }
        rows.push_back(first + random.below(static_cast<std::uint32_t>(last - first)));
    }
    return rows;
}

/// The contrastive terms, on the tokens that have a view alone.
torch::Tensor contrast(models::CrossModal& model, const torch::Tensor& tokens,
                       const models::PointViews& pairs, const CrossModalLossConfig& config,
                       std::map<std::string, double>& parts) {
    const auto [seen, place, counts] =
        torch::unique_consecutive(pairs.point, /*return_inverse=*/true);
    const models::PointViews projected{place, model.project_images(pairs.features)};
    const torch::Tensor nce =
        losses::multi_view_contrastive(model.project_points(tokens.index_select(0, seen)),
                                       projected, {config.temperature, config.symmetric});
    const torch::Tensor apart = losses::view_consistency(projected);
    parts["contrastive"] = nce.item<double>();
    parts["consistency"] = apart.item<double>();
    return nce + config.consistency * apart;
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

inference::SeenSample cross_modal_sample(const datasets::Mixture& mixture, const Draw& draw,
                                         const datasets::Labelling& labelling, bool labelled,
                                         const FuseRunConfig& config, models::Teacher& teacher) {
    const auto frame = mixture.read(draw.frame);
    geometry::Scan scan = labelling.scan(*frame);
    if (!labelled) {
        std::fill(scan.labels.begin(), scan.labels.end(), geometry::ignore_label);
    }
    inference::SeenSample result;
    result.sample = augmented_sample(scan, config, draw);
    base::Random random = draw.random(dropout_stream);
    const auto views = draw_views(views_of(mixture, draw.frame, config.fuse), config.fuse, random);
    result.seen =
        inference::seen_features(inference::look_through(views, frame->points), result.sample,
                                 static_cast<std::size_t>(frame->points.rows()), teacher);
    return result;
}

models::PointViews draw_pairs(const models::PointViews& views, const CrossModalLossConfig& config,
                              base::Random& random) {
    const torch::Tensor point = views.point.to(torch::kCPU).contiguous();
    std::vector<std::int64_t> rows;
    if (config.every_view) {
        rows.resize(static_cast<std::size_t>(views.size()));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i] = static_cast<std::int64_t>(i);
        }
    } else {
        rows = one_a_point(point, random);
    }
    if (static_cast<std::int64_t>(rows.size()) > config.pairs) {
        const auto order = random.permutation(static_cast<std::uint32_t>(rows.size()));
        std::vector<std::int64_t> drawn;
        for (std::int64_t i = 0; i < config.pairs; ++i) {
            drawn.push_back(rows[order[static_cast<std::size_t>(i)]]);
        }
        std::sort(drawn.begin(), drawn.end());
        rows = std::move(drawn);
    }
    const torch::Tensor chosen = torch::tensor(rows, torch::kInt64).to(views.point.device());
    return {views.point.index_select(0, chosen), views.features.index_select(0, chosen)};
}

CrossModalStep cross_modal_step(models::CrossModal& model, const models::TorchBatch& batch,
                                const models::PointViews& views, const torch::Tensor& labels,
                                const CrossModalLossConfig& config, double lovasz,
                                base::Random& random) {
    CrossModalStep step;
    step.output = model.network().forward(batch, views);
    const auto& output = step.output;
    const auto add = [&](const char* name, double weight, const torch::Tensor& term) {
        step.parts[name] = term.item<double>();
        step.loss = step.loss.defined() ? step.loss + weight * term : weight * term;
    };
    add("fused", 1, losses::segmentation(output.fused_logits, labels, lovasz));
    add("student", 1, losses::segmentation(output.student_logits, labels, lovasz));
    if (config.contrastive > 0) {
        const models::PointViews pairs = draw_pairs(output.views, config, random);
        if (pairs.size() > 0) {
            step.loss = step.loss + config.contrastive *
                                        contrast(model, output.tokens, pairs, config, step.parts);
        }
    }
    if (config.logits > 0) {
        add("logits", config.logits,
            losses::logit_distillation(output.student_logits, output.fused_logits,
                                       config.logit_temperature));
    }
    if (config.features > 0) {
        add("features", config.features,
            losses::feature_distillation(model.map_features(output.tokens), output.fused));
    }
    return step;
}

}  // namespace distillar::training
