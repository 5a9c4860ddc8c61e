#include "losses/contrastive.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include "base/error.hpp"
#include "losses/pairs.hpp"

namespace distillar::losses {

namespace {

void require_possible(const torch::Tensor& points, const torch::Tensor& pixels,
                      const ContrastiveConfig& config) {
    require_pairs("contrastive", points, pixels);
    if (!(config.temperature > 0) || config.block < 1) {
        base::fail("contrastive: temperature {} and block {}: both must be above 0",
                   config.temperature, config.block);
    }
}

/// Of unit rows: sum over the directions of -mean log softmax of the matching pairs. The matrix of
/// similarities is made a block of rows at a time, forward and backward.
class InfoNce : public torch::autograd::Function<InfoNce> {
public:
    static torch::Tensor forward(torch::autograd::AutogradContext* context,
                                 const torch::Tensor& points, const torch::Tensor& pixels,
                                 double temperature, bool symmetric, std::int64_t block) {
        const std::int64_t count = points.size(0);
        torch::Tensor by_point = points.new_empty({count});
        torch::Tensor by_pixel;
        for (std::int64_t first = 0; first < count; first += block) {
            const std::int64_t last = std::min(first + block, count);
            const torch::Tensor scores =
                torch::mm(points.slice(0, first, last), pixels.t()).div_(temperature);
            by_point.slice(0, first, last).copy_(torch::logsumexp(scores, 1));
            if (symmetric) {
                const torch::Tensor sums = torch::logsumexp(scores, 0);
                by_pixel = by_pixel.defined() ? torch::logaddexp(by_pixel, sums) : sums;
            }
        }
        const torch::Tensor matching = (points * pixels).sum(1) / temperature;
        torch::Tensor loss = (by_point - matching).mean();
        if (symmetric) {
            loss = 0.5 * (loss + (by_pixel - matching).mean());
        }
        context->save_for_backward({points, pixels, by_point, by_pixel});
        context->saved_data["temperature"] = temperature;
        context->saved_data["block"] = block;
        return loss;
    }

    static torch::autograd::variable_list backward(
        torch::autograd::AutogradContext* context,
        const torch::autograd::variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const torch::Tensor &points = saved[0], &pixels = saved[1];
        const torch::Tensor &by_point = saved[2], &by_pixel = saved[3];
        const double temperature = context->saved_data["temperature"].toDouble();
        const std::int64_t block = context->saved_data["block"].toInt();
        const std::int64_t count = points.size(0);
        torch::Tensor to_points = torch::empty_like(points);
        torch::Tensor to_pixels = torch::zeros_like(pixels);
        for (std::int64_t first = 0; first < count; first += block) {
            const std::int64_t last = std::min(first + block, count);
            const torch::Tensor rows = points.slice(0, first, last);
            const torch::Tensor scores = torch::mm(rows, pixels.t()).div_(temperature);
            torch::Tensor weights = (scores - by_point.slice(0, first, last).unsqueeze(1)).exp_();
            if (by_pixel.defined()) {
                weights.add_((scores - by_pixel.unsqueeze(0)).exp_()).mul_(0.5);
            }
            weights.slice(1, first, last).diagonal().sub_(1);
            to_points.slice(0, first, last).copy_(torch::mm(weights, pixels));
            to_pixels.addmm_(weights.t(), rows);
        }
        const torch::Tensor scale = gradients[0] / (temperature * static_cast<double>(count));
        return {to_points * scale, to_pixels * scale, {}, {}, {}};
    }
};

}  // namespace

torch::Tensor contrastive(const torch::Tensor& points, const torch::Tensor& pixels,
                          const ContrastiveConfig& config) {
    require_possible(points, pixels, config);
    if (points.size(0) == 0) {
        return points.sum() + pixels.sum();
    }
    return InfoNce::apply(unit_rows(points), unit_rows(pixels), config.temperature,
                          config.symmetric, config.block);
}

torch::Tensor multi_view_contrastive(const torch::Tensor& points, const models::PointViews& views,
                                     const ContrastiveConfig& config) {
    torch::Tensor sum = points.sum() * 0 + views.features.sum() * 0;
    const std::int64_t pairs = views.size();
    if (pairs == 0) {
        return sum;
    }
    const torch::Tensor turn = turns(views);
    const std::int64_t most = turn.max().item<std::int64_t>() + 1;
    for (std::int64_t i = 0; i < most; ++i) {
        const torch::Tensor rows = turn.eq(i).nonzero().squeeze(1);
        const torch::Tensor own = points.index_select(0, views.point.index_select(0, rows));
        const torch::Tensor seen = views.features.index_select(0, rows);
        sum = sum + contrastive(own, seen, config) * static_cast<double>(rows.size(0));
    }
    return sum / static_cast<double>(pairs);
}

torch::Tensor view_consistency(const models::PointViews& views) {
    const torch::Tensor none = views.features.sum() * 0;
    if (views.size() < 2) {
        return none;
    }
    // Over one point's V views: sum over v != w of (1 - z_v.z_w) = V V - |sum_v z_v|^2.
    const torch::Tensor unit_views = unit_rows(views.features);
    const std::int64_t points = views.point.max().item<std::int64_t>() + 1;
    const torch::Tensor sums =
        unit_views.new_zeros({points, unit_views.size(1)}).index_add(0, views.point, unit_views);
    const torch::Tensor counts = models::view_counts(views, points).squeeze(1);
    const torch::Tensor pairs = (counts * (counts - 1)).sum();
    if (pairs.item<double>() == 0) {
        return none;
    }
    const torch::Tensor apart = counts * counts - sums.square().sum(1);
    return (apart * counts.gt(1)).sum() / pairs;
}

}  // namespace distillar::losses
