#include "runtime/mix_layer.hpp"

#include <algorithm>

#include "base/thread_pool.hpp"
#include "kernels/cell_points.hpp"
#include "kernels/layer_norm.hpp"
#include "runtime/byte_maps.hpp"
#include "runtime/row_maps.hpp"

namespace distillar::runtime {

namespace {

using kernels::Activation;
using kernels::Bf16;
using kernels::PackedProduct;
using kernels::ProductShape;

constexpr std::size_t cells_a_chunk = 128;

ProductShape::Format format_of(Precision precision) {
    switch (precision) {
        case Precision::bf16:
            return ProductShape::Format::bf16;
        case Precision::int8:
            return ProductShape::Format::u8;
        default:
            return ProductShape::Format::f32;
    }
}

/// channels -> channels with the activation, for the next product.
PackedProduct expanding(const FoldedLinear& linear, const MixLayer::Kind& kind, Precision precision,
                        const formats::Int8Scales::Layer& steps) {
    ProductShape shape{kind.block_rows, linear.inputs, linear.outputs};
    shape.source = shape.result = format_of(precision);
    const bool relu = kind.activation == Activation::relu;
    shape.after = relu ? ProductShape::After::relu : ProductShape::After::gelu;
    if (precision != Precision::int8) {
        return {shape, linear.weight.data(), linear.bias.data()};
    }
    // ReLU of a scaled value is its scaled ReLU: the steps of the result go into the product.
    if (!relu) {
        const float step = steps.hidden.front();
        shape.byte_factor = 1 / step;
        shape.byte_offset = zero_of(ByteKind::gelu, step);
    }
    const float zero = zero_of(ByteKind::around_middle, steps.source.front());
    return {shape, byte_weight(linear, steps.source, zero, relu ? &steps.hidden : nullptr)};
}

/// Added to the tokens.
PackedProduct reducing(const FoldedLinear& linear, const MixLayer::Kind& kind, Precision precision,
                       const formats::Int8Scales::Layer& steps) {
    ProductShape shape{kind.block_rows, linear.inputs, linear.outputs};
    shape.source = format_of(precision);
    shape.accumulate = true;
    if (precision != Precision::int8) {
        return {shape, linear.weight.data(), linear.bias.data()};
    }
    const float zero = zero_of(kind_of(kind.activation), steps.hidden.front());
    return {shape, byte_weight(linear, steps.hidden, zero, nullptr)};
}

}  // namespace

MixLayer::MixLayer(const FoldedLayer& folded, const Kind& kind, Precision precision,
                   const formats::Int8Scales::Layer& steps)
    : channels_(folded.cell_factor.size()),
      kind_(kind),
      precision_(precision),
      cell_factor_(folded.cell_factor),
      cell_shift_(folded.cell_shift),
      inverse_steps_(inverses_of(steps.source)),
      first_(folded.first_taps.data(), folded.first_bias.data(), nullptr, channels_),
      second_(folded.second_taps.data(), folded.second_bias.data(), nullptr, channels_),
      expand_(expanding(folded.expand, kind, precision, steps)),
      reduce_(reducing(folded.reduce, kind, precision, steps)) {}

ScratchSizes MixLayer::scratch() const {
    return {kind_.block_rows * channels_, kind_.block_rows * channels_, 0,
            std::max(expand_.scratchpad_floats(), reduce_.scratchpad_floats())};
}

void MixLayer::run(const NetworkInput& input, const kernels::PlaneTable& plane,
                   Workspace& workspace, const Observer& observer) const {
    mix_plane(plane, workspace);
    base::parallel_for(input.points, kind_.block_rows, [&](std::size_t begin, std::size_t end) {
        float* tokens = workspace.tokens() + begin * channels_;
        add_cells(workspace.values(), plane.cell_of_point.data() + begin, end - begin, channels_,
                  tokens);
        if (observer) {
            observer(begin, end - begin, tokens);
        }
        mix_channels(tokens, workspace.scratch());
    });
}

/// values = conv2(act(conv1(mean per cell(norm(tokens))))) at the occupied cells.
void MixLayer::mix_plane(const kernels::PlaneTable& plane, Workspace& workspace) const {
    const auto occupied = static_cast<std::size_t>(plane.occupied);
    const auto reached = static_cast<std::size_t>(plane.reached);
    kernels::SpatialMix mix;
    mix.channels = channels_;
    mix.norm_weight = kind_.layer_norm ? cell_factor_.data() : nullptr;
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
                                        channels_);
            kernels::convolve(taps, first_, channels_, workspace.activated() + cell * channels_);
        }
        kernels::activate(kind_.activation, rows, (end - begin) * channels_, rows);
    });
    base::parallel_for(occupied, cells_a_chunk, [&](std::size_t begin, std::size_t end) {
        for (std::size_t cell = begin; cell < end; ++cell) {
            const kernels::TapRows taps(plane.taps_second.data() + 9 * cell, workspace.activated(),
                                        channels_);
            kernels::convolve(taps, second_, channels_, workspace.values() + cell * channels_);
        }
    });
}

/// tokens += reduce(act(expand(norm(tokens)))) for one block.
void MixLayer::mix_channels(float* tokens, ThreadScratch& scratch) const {
    expand_.run(normalised(tokens, scratch.left.data()), scratch.middle.data(),
                scratch.scratchpad.data());
    reduce_.run(scratch.middle.data(), tokens, scratch.scratchpad.data());
}

/// A block of tokens as the first product takes them; written to `room` unless they are it.
const void* MixLayer::normalised(const float* tokens, float* room) const {
    const std::size_t rows = kind_.block_rows;
    if (precision_ == Precision::int8) {
        bytes_of_rows(tokens, rows, channels_, inverse_steps_.data(), kind_.layer_norm,
                      reinterpret_cast<std::uint8_t*>(room));
    } else if (precision_ == Precision::bf16 && kind_.layer_norm) {
        normalise_rows(tokens, rows, channels_, reinterpret_cast<Bf16*>(room));
    } else if (precision_ == Precision::bf16) {
        convert(tokens, rows * channels_, reinterpret_cast<Bf16*>(room));
    } else if (kind_.layer_norm) {
        kernels::normalise_rows(tokens, rows, channels_, room, nullptr, nullptr);
    } else {
        return tokens;
    }
    return room;
}

}  // namespace distillar::runtime
