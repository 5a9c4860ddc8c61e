#include "runtime/mix_layer.hpp"

#include <algorithm>

#include "base/thread_pool.hpp"
#include "kernels/cell_points.hpp"
#include "kernels/layer_norm.hpp"
#include "runtime/row_maps.hpp"

namespace distillar::runtime {

namespace {

using kernels::Activation;
using kernels::Bf16;
using kernels::ProductShape;

constexpr std::size_t cells_a_chunk = 128;

ProductShape shape_of(const FoldedLinear& linear, std::size_t rows, Precision precision) {
    ProductShape shape;
    shape.rows = rows;
    shape.inner = linear.inputs;
    shape.columns = linear.outputs;
    if (precision == Precision::bf16) {
        shape.source = ProductShape::Format::bf16;
    }
    return shape;
}

/// channels -> channels with the activation, for the next product.
ProductShape expanding(const FoldedLinear& linear, std::size_t rows, Activation activation,
                       Precision precision) {
    ProductShape shape = shape_of(linear, rows, precision);
    shape.result = shape.source;
    shape.after =
        activation == Activation::relu ? ProductShape::After::relu : ProductShape::After::gelu;
    return shape;
}

/// Added to the tokens.
ProductShape reducing(const FoldedLinear& linear, std::size_t rows, Precision precision) {
    ProductShape shape = shape_of(linear, rows, precision);
    shape.accumulate = true;
    return shape;
}

}  // namespace

MixLayer::MixLayer(const FoldedLayer& folded, bool layer_norm, Activation activation,
                   std::size_t block_rows, Precision precision)
    : channels_(folded.cell_factor.size()),
      block_rows_(block_rows),
      layer_norm_(layer_norm),
      bf16_(precision == Precision::bf16),
      activation_(activation),
      cell_factor_(folded.cell_factor),
      cell_shift_(folded.cell_shift),
      first_(folded.first_taps.data(), folded.first_bias.data(), nullptr, channels_),
      second_(folded.second_taps.data(), folded.second_bias.data(), nullptr, channels_),
      expand_(expanding(folded.expand, block_rows, activation, precision),
              folded.expand.weight.data(), folded.expand.bias.data()),
      reduce_(reducing(folded.reduce, block_rows, precision), folded.reduce.weight.data(),
              folded.reduce.bias.data()) {}

ScratchSizes MixLayer::scratch() const {
    return {block_rows_ * channels_, block_rows_ * channels_, 0,
            std::max(expand_.scratchpad_floats(), reduce_.scratchpad_floats())};
}

void MixLayer::run(const NetworkInput& input, const kernels::PlaneTable& plane,
                   Workspace& workspace) const {
    mix_plane(plane, workspace);
    base::parallel_for(input.points, block_rows_, [&](std::size_t begin, std::size_t end) {
        float* tokens = workspace.tokens() + begin * channels_;
        add_cells(workspace.values(), plane.cell_of_point.data() + begin, end - begin, channels_,
                  tokens);
        mix_channels(tokens, workspace.scratch());
    });
}

/// values = conv2(act(conv1(mean per cell(norm(tokens))))) at the occupied cells.
void MixLayer::mix_plane(const kernels::PlaneTable& plane, Workspace& workspace) const {
    const auto occupied = static_cast<std::size_t>(plane.occupied);
    const auto reached = static_cast<std::size_t>(plane.reached);
    kernels::SpatialMix mix;
    mix.channels = channels_;
    mix.norm_weight = layer_norm_ ? cell_factor_.data() : nullptr;
    mix.input = workspace.tokens();
    const kernels::SpatialMixSaved saved{workspace.means(), workspace.inverses(), nullptr, nullptr};
    base::parallel_for(occupied, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
        for (std::size_t cell = begin; cell < end; ++cell) {
            float* mean = workspace.cells() + cell * channels_;
            kernels::mean_of_cell(mix, saved, {plane, cell}, mean);
            scale_row(cell_factor_.data(), cell_shift_.data(), channels_, mean);
        }
    });
    base::parallel_for(reached, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
        float* rows = workspace.activated() + begin * channels_;
        for (std::size_t cell = begin; cell < end; ++cell) {
            const kernels::TapRows taps(plane.taps_first.data() + 9 * cell, workspace.cells(),
                                        workspace.zeros(), channels_);
            kernels::convolve(taps, first_, channels_, workspace.activated() + cell * channels_);
        }
        kernels::activate(activation_, rows, (end - begin) * channels_, rows);
    });
    base::parallel_for(occupied, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
        for (std::size_t cell = begin; cell < end; ++cell) {
            const kernels::TapRows taps(plane.taps_second.data() + 9 * cell, workspace.activated(),
                                        workspace.zeros(), channels_);
            kernels::convolve(taps, second_, channels_, workspace.values() + cell * channels_);
        }
    });
}

/// tokens += reduce(act(expand(norm(tokens)))) for one block.
void MixLayer::mix_channels(float* tokens, ThreadScratch& scratch) const {
    const void* normed = tokens;
    if (bf16_) {
        auto* half = reinterpret_cast<Bf16*>(scratch.left.data());
        if (layer_norm_) {
            normalise_rows(tokens, block_rows_, channels_, half);
        } else {
            convert(tokens, block_rows_ * channels_, half);
        }
        normed = half;
    } else if (layer_norm_) {
        kernels::normalise_rows(tokens, block_rows_, channels_, scratch.left.data(), nullptr,
                                nullptr);
        normed = scratch.left.data();
    }
    expand_.run(normed, scratch.middle.data(), scratch.scratchpad.data());
    reduce_.run(scratch.middle.data(), tokens, scratch.scratchpad.data());
}

}  // namespace distillar::runtime
