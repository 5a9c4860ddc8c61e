#include "runtime/calibration.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/neighbor_rows.hpp"

namespace distillar::runtime {

namespace {

SourceRows normalised(SourceRows tokens, bool layer_norm) {
    if (layer_norm) {
        const Values values = tokens.values;
        kernels::normalise_rows(values.data(), tokens.rows, tokens.channels, tokens.values.data(),
                                nullptr, nullptr);
    }
    return tokens;
}

SourceRows activated(kernels::Activation activation, Values values, std::size_t channels) {
    kernels::activate(activation, values.data(), values.size(), values.data());
    return {values.size() / channels, channels, std::move(values)};
}

double squared_sum(const Values& a, const Values& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (double{a[i]} + b[i]) * (double{a[i]} + b[i]);
    }
    return sum;
}

}  // namespace

Calibration::Calibration(const formats::ModelFile& file, const std::string& source,
                         std::size_t scans, std::size_t rows)
    : weights_(fold_weights(file, source)),
      neighbors_(static_cast<std::size_t>(file.description.input.neighbors)),
      network_(weights_, neighbors_, Precision::fp32),
      rows_a_scan_(std::max<std::size_t>(1, rows / std::max<std::size_t>(1, scans))),
      differences_{0, weights_.channels, {}},
      tokens_(weights_.layers.size(), differences_) {}

void Calibration::add(const NetworkInput& input) {
    const std::size_t stride = (input.points + rows_a_scan_ - 1) / rows_a_scan_;
    const std::size_t rows = (input.points + stride - 1) / stride;
    const std::size_t channels = weights_.channels;
    keep_differences(input, stride);
    for (SourceRows& kept : tokens_) {
        kept.rows += rows;
        kept.values.resize(kept.rows * channels);
    }
    network_.run(
        input, workspace_,
        [&](std::size_t layer, std::size_t begin, std::size_t count, const float* tokens) {
            SourceRows& kept = tokens_[layer];
            for (std::size_t i = (begin + stride - 1) / stride; i * stride < begin + count; ++i) {
                std::copy_n(tokens + (i * stride - begin) * channels, channels,
                            kept.values.end() - static_cast<std::ptrdiff_t>((rows - i) * channels));
            }
        });
}

/// Of every kept point one neighbour, another one for each.
void Calibration::keep_differences(const NetworkInput& input, std::size_t stride) {
    const FoldedLinear& first = weights_.embedding.first;
    Values differences(neighbors_ * first.inputs);
    for (std::size_t point = 0, k = 0; point < input.points; point += stride, ++k) {
        kernels::gather_differences(input.features, first.inputs, input.neighbors, neighbors_,
                                    point, 1, differences.data());
        const float* row = differences.data() + k % neighbors_ * first.inputs;
        for (std::size_t o = 0; o < first.outputs; ++o) {
            const float* weight = first.weight.data() + o * first.inputs;
            const float value =
                std::inner_product(weight, weight + first.inputs, row, first.bias[o]);
            differences_.values.push_back(std::max(value, 0.0F));
        }
        ++differences_.rows;
    }
}

formats::Int8Scales::Layer Calibration::steps_of(std::size_t index, double& error) const {
    const FoldedLayer& layer = weights_.layers[index];
    const auto activation = weights_.activation;
    const SourceRows source = normalised(tokens_[index], weights_.layer_norm);
    const SourceRows hidden =
        activated(activation, exact_product(source, layer.expand), weights_.channels);
    const ByteKind hidden_kind = kind_of(activation);
    formats::Int8Scales::Layer steps;
    steps.source = choose_steps(source, layer.expand, ByteKind::around_middle);
    steps.hidden = choose_steps(hidden, layer.reduce, hidden_kind);

    const SourceRows rounded = activated(
        activation, byte_product(source, layer.expand, steps.source, ByteKind::around_middle),
        source.channels);
    const Values exact = exact_product(hidden, layer.reduce);
    error =
        squared_difference(byte_product(rounded, layer.reduce, steps.hidden, hidden_kind), exact) /
        squared_sum(tokens_[index].values, exact);
    return steps;
}

Calibration::Result Calibration::result() const {
    if (differences_.rows == 0) {
        base::fail("calibration: no scan with points in the field of view was added");
    }
    Result result;
    result.errors.resize(tokens_.size());
    result.steps.layers.resize(tokens_.size());
    result.steps.embedding = choose_steps(differences_, weights_.embedding.second, ByteKind::relu);
    base::parallel_for(tokens_.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            result.steps.layers[i] = steps_of(i, result.errors[i]);
        }
    });
    return result;
}

void keep_in_floats(Calibration::Result& result, std::size_t count) {
    std::vector<std::size_t> order(result.errors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return result.errors[a] > result.errors[b];
    });
    for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
        result.steps.layers[order[i]].reset();
    }
}

}  // namespace distillar::runtime
