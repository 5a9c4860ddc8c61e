#include "runtime/embedding.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"
#include "kernels/neighbor_rows.hpp"
#include "runtime/row_maps.hpp"

namespace distillar::runtime {

namespace {

using kernels::Bf16;
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

ProductShape square(std::size_t rows, std::size_t channels, bool bf16, bool accumulate) {
    ProductShape shape;
    shape.rows = rows;
    shape.inner = channels;
    shape.columns = channels;
    shape.source = bf16 ? ProductShape::Format::bf16 : ProductShape::Format::f32;
    shape.accumulate = accumulate;
    return shape;
}

std::size_t group_of(std::size_t neighbors) {
    return std::max<std::size_t>(1, group_rows / neighbors);
}

}  // namespace

Embedding::Embedding(const FoldedEmbedding& folded, std::size_t neighbors, std::size_t block_rows,
                     Precision precision)
    : inputs_(folded.first.inputs),
      channels_(folded.first.outputs),
      neighbors_(neighbors),
      block_rows_(block_rows),
      group_(group_of(neighbors)),
      bf16_(precision == Precision::bf16),
      first_map_(transposed(folded.first)),
      first_bias_(folded.first.bias),
      points_map_(transposed(folded.points)),
      points_bias_(folded.points.bias),
      second_(square(group_ * neighbors, channels_, bf16_, false), folded.second.weight.data(),
              nullptr),
      last_(square(block_rows, channels_, bf16_, true), folded.neighbors.weight.data(), nullptr) {}

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
        const NarrowMap map{inputs_, channels_, first_map_.data(), first_bias_.data(), true};
        if (bf16_) {
            map_rows(map, rows, points * neighbors_,
                     reinterpret_cast<Bf16*>(scratch.middle.data()));
        } else {
            map_rows(map, rows, points * neighbors_, scratch.middle.data());
        }
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
    if (bf16_) {
        float* half = branch + block_rows_ * channels_;
        convert(branch, block_rows_ * channels_, reinterpret_cast<Bf16*>(half));
        source = half;
    }
    last_.run(source, tokens, scratch.scratchpad.data());
}

}  // namespace distillar::runtime
