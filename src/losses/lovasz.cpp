#include "losses/lovasz.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/thread_pool.hpp"

namespace distillar::losses {

namespace {

struct PointError {
    std::uint32_t key;  ///< the bits of a float >= 0, inverted: ascending keys are falling errors
    std::int32_t row;
};

/// Stable least-significant-digit radix sort by key; the result is in `items`.
void sort_by_key(std::vector<PointError>& items) {
    constexpr unsigned bits = 11;
    constexpr std::size_t buckets = std::size_t{1} << bits;
    std::vector<PointError> other(items.size());
    for (unsigned shift = 0; shift < 32; shift += bits) {
        const auto digit = [shift](const PointError& item) {
            return (item.key >> shift) & std::uint32_t{buckets - 1};
        };
        std::array<std::size_t, buckets> start{};
        for (const PointError& item : items) {
            ++start[digit(item)];
        }
        std::size_t sum = 0;
        for (std::size_t& entry : start) {
            sum += std::exchange(entry, sum);
        }
        for (const PointError& item : items) {
            other[start[digit(item)]++] = item;
        }
        items.swap(other);
    }
}

/// The loss of one class and its gradient (column `label` of N x classes, times `weight`).
double one_class(const float* probabilities, const std::int64_t* labels, std::int64_t points,
                 std::int64_t classes, std::int64_t label, std::int64_t present, double weight,
                 float* gradient) {
    std::vector<PointError> errors(static_cast<std::size_t>(points));
    for (std::int64_t i = 0; i < points; ++i) {
        const float target = labels[i] == label ? 1.0F : 0.0F;
        const float error = std::fabs(target - probabilities[i * classes + label]);
        errors[static_cast<std::size_t>(i)] = {~std::bit_cast<std::uint32_t>(error),
                                               static_cast<std::int32_t>(i)};
    }
    sort_by_key(errors);

    double loss = 0;
    double previous = 0;
    std::int64_t hits = 0;  // points of the class so far
    for (std::int64_t rank = 0; rank < points; ++rank) {
        const PointError& item = errors[static_cast<std::size_t>(rank)];
        const bool inside = labels[item.row] == label;
        hits += inside ? 1 : 0;
        const auto intersection = static_cast<double>(present - hits);
        const auto united = static_cast<double>(present + rank + 1 - hits);
        const double jaccard = 1.0 - intersection / united;
        const double step = jaccard - previous;
        previous = jaccard;
        const float error = std::bit_cast<float>(~item.key);
        loss += static_cast<double>(error) * step;
        const float probability = probabilities[item.row * classes + label];
        const bool overshoot = probability > (inside ? 1.0F : 0.0F);
        const double sign = error == 0 ? 0.0 : (overshoot ? 1.0 : -1.0);
        gradient[item.row * classes + label] = static_cast<float>(sign * step * weight);
    }
    return loss;
}

struct LovaszFunction : torch::autograd::Function<LovaszFunction> {
    static torch::Tensor forward(torch::autograd::AutogradContext* context,
                                 const torch::Tensor& input, const torch::Tensor& input_labels) {
        const auto probabilities = input.contiguous();
        const auto labels = input_labels.contiguous();
        const std::int64_t points = probabilities.size(0);
        const std::int64_t classes = probabilities.size(1);
        const auto* label = labels.data_ptr<std::int64_t>();

        std::vector<std::int64_t> count(static_cast<std::size_t>(classes), 0);
        std::for_each(label, label + points,
                      [&](std::int64_t value) { ++count[static_cast<std::size_t>(value)]; });
        std::vector<std::int64_t> present;
        for (std::int64_t value = 0; value < classes; ++value) {
            if (count[static_cast<std::size_t>(value)] > 0) {
                present.push_back(value);
            }
        }

        auto gradient = torch::zeros_like(probabilities);
        const auto* values = probabilities.data_ptr<float>();
        auto* slopes = gradient.data_ptr<float>();
        const double weight = 1.0 / static_cast<double>(present.size());
        std::vector<double> losses(present.size());
        base::parallel_for(present.size(), 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                losses[i] = one_class(values, label, points, classes, present[i],
                                      count[static_cast<std::size_t>(present[i])], weight, slopes);
            }
        });
        double sum = 0;
        for (const double loss : losses) {
            sum += loss;
        }
        context->save_for_backward({gradient});
        return torch::full({}, sum * weight, probabilities.options().requires_grad(false));
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::tensor_list outputs) {
        return {context->get_saved_variables()[0] * outputs[0], torch::Tensor()};
    }
};

}  // namespace

torch::Tensor lovasz_on_cpu(const torch::Tensor& probabilities, const torch::Tensor& labels) {
    return LovaszFunction::apply(probabilities, labels);
}

torch::Tensor lovasz_by_operations(const torch::Tensor& probabilities,
                                   const torch::Tensor& labels) {
    std::vector<torch::Tensor> losses;
    for (std::int64_t label = 0; label < probabilities.size(1); ++label) {
        const auto target = (labels == label).to(probabilities.dtype());
        const auto present = target.sum();
        if (present.item<float>() == 0) {
            continue;
        }
        const auto errors = (target - probabilities.select(1, label)).abs();
        const auto [sorted, order] = torch::sort(errors, /*stable=*/true, 0, /*descending=*/true);
        const auto hits = target.index_select(0, order).to(torch::kFloat64).cumsum(0);
        const auto ranks = torch::arange(1, errors.size(0) + 1, hits.options());
        const auto jaccard = 1 - (present - hits) / (present + ranks - hits);
        const auto before =
            torch::cat({torch::zeros({1}, hits.options()), jaccard.slice(0, 0, -1)});
        losses.push_back(torch::dot(sorted, (jaccard - before).to(sorted.dtype())));
    }
    return torch::stack(losses).mean();
}

}  // namespace distillar::losses
