#include "runtime/embedding.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"
#include "kernels/neighbor_rows.hpp"
#include "runtime/byte_maps.hpp"
#include "runtime/row_maps.hpp"

namespace distillar::runtime {

namespace {

using kernels::Bf16;
using kernels::PackedProduct;
using kernels::ProductShape;

constexpr std::size_t group_rows = 192;

Values transposed(const FoldedLinear& linear) {
    Values result(linear.weight.size());
    for (std::size_t o = 0; o < linear.outputs; ++o) {
        for (std::size_t i = 0; i < linear.inputs; ++i) {
            result[i * linear.outputs + o] = linear.weight[o * linear.inputs + i];
        }
    }
    return result;
}

/// The map with outputs divided by their steps, if there are any: ReLU keeps positive factors.
FoldedLinear in_steps(FoldedLinear linear, const Values& steps) {
    for (std::size_t o = 0; o < steps.size(); ++o) {
        for (std::size_t i = 0; i < linear.inputs; ++i) {
            linear.weight[o * linear.inputs + i] /= steps[o];
        }
        linear.bias[o] /= steps[o];
    }
    return linear;
}

ProductShape square(std::size_t rows, std::size_t channels, Precision precision) {
    ProductShape shape{rows, channels, channels};
    if (precision != Precision::fp32) {
        shape.source =
            precision == Precision::bf16 ? ProductShape::Format::bf16 : ProductShape::Format::u8;
    }
    return shape;
}

PackedProduct branch_product(const FoldedLinear& linear, std::size_t rows, Precision precision,
                             const Values& int8_scales) {
    const ProductShape shape = square(rows, linear.inputs, precision);
    if (precision == Precision::int8) {
        return {shape, byte_weight(linear, int8_scales, 0, nullptr)};
    }
    return {shape, linear.weight.data(), nullptr};
}

PackedProduct last_product(const FoldedLinear& linear, std::size_t rows, Precision precision) {
    ProductShape shape = square(rows, linear.inputs, precision);
    shape.accumulate = true;
    return {shape, linear.weight.data(), nullptr};
}

std::size_t group_of(std::size_t neighbors) {
    return std::max<std::size_t>(1, group_rows / neighbors);
}

}  // namespace

Embedding::Embedding(const FoldedEmbedding& folded, std::size_t neighbors, std::size_t block_rows,
                     Precision precision, const Values& int8_scales)
    : inputs_(folded.first.inputs),
      channels_(folded.first.outputs),
      neighbors_(neighbors),
      block_rows_(block_rows),
      group_(group_of(neighbors)),
      precision_(precision),
      branch_(int8_scales.empty() ? precision : Precision::int8),
      points_map_(transposed(folded.points)),
      points_bias_(folded.points.bias),
      second_(branch_product(folded.second, group_ * neighbors, branch_, int8_scales)),
      last_(last_product(folded.neighbors, block_rows, precision)) {
    const FoldedLinear first = in_steps(folded.first, int8_scales);
    first_map_ = transposed(first);
    first_bias_ = first.bias;
}

ScratchSizes Embedding::scratch() const {
    const std::size_t rows = group_ * neighbors_;
    return {rows * std::max(channels_, inputs_), rows * channels_, 2 * block_rows_ * channels_,
            std::max(second_.scratchpad_floats(), last_.scratchpad_floats())};
}

void Embedding::run(const NetworkInput& input, Workspace& workspace) const {
    base::parallel_for(input.points, block_rows_, [&](std::size_t begin, std::size_t end) {
        block(input, begin, end - begin, workspace.tokens() + begin * channels_,
              workspace.scratch());
    });
}

void Embedding::block(const NetworkInput& input, std::size_t begin, std::size_t count,
                      float* tokens, ThreadScratch& scratch) const {
    float* branch = scratch.right.data();
    for (std::size_t first = 0; first < count; first += group_) {
        const std::size_t points = std::min(group_, count - first);
        // Differences, then the products' results, which are as many rows.
        float* rows = scratch.left.data();
        kernels::gather_differences(input.features, inputs_, input.neighbors, neighbors_,
                                    begin + first, points, rows);
        map_differences(rows, points * neighbors_, scratch.middle.data());
        second_.run(scratch.middle.data(), rows, scratch.scratchpad.data());
        for (std::size_t i = 0; i < points; ++i) {
            kernels::maximum_of_rows(rows + i * neighbors_ * channels_, neighbors_, channels_,
                                     branch + (first + i) * channels_, nullptr);
        }
    }
    std::memset(branch + count * channels_, 0, (block_rows_ - count) * channels_ * sizeof(float));
    map_rows({inputs_, channels_, points_map_.data(), points_bias_.data(), false},
             input.features + begin * inputs_, count, tokens);
    const void* source = branch;
    if (precision_ == Precision::bf16) {
        float* half = branch + block_rows_ * channels_;
        convert(branch, block_rows_ * channels_, reinterpret_cast<Bf16*>(half));
        source = half;
    }
    last_.run(source, tokens, scratch.scratchpad.data());
}

/// relu(first(rows)) as the neighbours' product takes it.
void Embedding::map_differences(const float* rows, std::size_t count, void* out) const {
    const NarrowMap map{inputs_, channels_, first_map_.data(), first_bias_.data(), true};
    switch (branch_) {
        case Precision::fp32:
            return map_rows(map, rows, count, static_cast<float*>(out));
        case Precision::bf16:
            return map_rows(map, rows, count, static_cast<Bf16*>(out));
        case Precision::int8:
            return map_rows(map, rows, count, static_cast<std::uint8_t*>(out));
    }
}

}  // namespace distillar::runtime
