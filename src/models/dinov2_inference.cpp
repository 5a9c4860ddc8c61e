#include "models/dinov2_inference.hpp"

#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "kernels/attention.hpp"
#include "kernels/buffer.hpp"

namespace distillar::models {

namespace {

using kernels::Buffer;
using kernels::PackedProduct;
using kernels::ProductShape;
using Format = ProductShape::Format;

constexpr std::size_t wanted_rows = 128;  ///< of a block, about

/// A linear map in float64, so that folding costs nothing.
struct Map {
    torch::Tensor weight, bias;
    /// The map of (x * factor + shift).
    void after_affine(const torch::Tensor& factor, const torch::Tensor& shift) {
        bias = bias + torch::mv(weight, shift);
        weight = weight * factor.unsqueeze(0);
    }
    /// The map's outputs times factor.
    void scale(const torch::Tensor& factor) {
        bias = bias * factor;
        weight = weight * factor.unsqueeze(1);
    }
};

PackedProduct packed(const Map& map, ProductShape shape) {
    const torch::Tensor weight = map.weight.to(torch::kFloat32).contiguous();
    const torch::Tensor bias = map.bias.to(torch::kFloat32).contiguous();
    shape.inner = static_cast<std::size_t>(weight.size(1));
    shape.columns = static_cast<std::size_t>(weight.size(0));
    return {shape, weight.data_ptr<float>(), bias.data_ptr<float>()};
}

/// The four maps of one block.
struct Maps {
    PackedProduct qkv, projection, into, out_of;
};

Maps maps_of(const torch::OrderedDict<std::string, torch::Tensor>& parameters,
             const std::string& block, std::int64_t heads, std::size_t rows, Format format) {
    const auto wide = [&](const std::string& name) {
        return parameters[block + name].detach().to(torch::kCPU, torch::kFloat64);
    };
    const auto map_of = [&](const std::string& name) {
        return Map{wide(name + ".weight"), wide(name + ".bias")};
    };
    Map qkv = map_of("attn.qkv");
    qkv.after_affine(wide("norm1.weight"), wide("norm1.bias"));
    const std::int64_t dim = qkv.weight.size(1);
    torch::Tensor query_factor = torch::ones({3 * dim}, torch::kFloat64);
    query_factor.narrow(0, 0, dim).fill_(
        std::pow(static_cast<double>(dim) / static_cast<double>(heads), -0.5));
    qkv.scale(query_factor);
    Map projection = map_of("attn.proj");
    projection.scale(wide("ls1.gamma"));
    Map into = map_of("mlp.fc1");
    into.after_affine(wide("norm2.weight"), wide("norm2.bias"));
    Map out_of = map_of("mlp.fc2");
    out_of.scale(wide("ls2.gamma"));

    ProductShape inside;
    inside.rows = rows;
    inside.source = inside.result = format;
    ProductShape activated = inside;
    activated.after = ProductShape::After::gelu;
    ProductShape to_tokens = inside;
    to_tokens.result = Format::f32;
    to_tokens.accumulate = true;
    return {packed(qkv, inside), packed(projection, to_tokens), packed(into, activated),
            packed(out_of, to_tokens)};
}

}  // namespace

struct DinoV2Inference::Parts {
    std::size_t tokens, dim, heads, blocks, rows;  ///< `blocks` blocks of `rows` hold the tokens
    std::size_t bytes;                             ///< of an element between the maps
    kernels::RowNorm norm;
    kernels::Attention attention;
    std::vector<Maps> maps;

    Parts(const DinoV2& network, std::size_t count, Format format)
        : tokens(count),
          dim(static_cast<std::size_t>(network.config().dim)),
          heads(static_cast<std::size_t>(network.config().heads)),
          blocks(std::max<std::size_t>(1, (count + wanted_rows / 2) / wanted_rows)),
          rows((count + blocks - 1) / blocks),
          bytes(format == Format::bf16 ? 2 : 4),
          norm(rows, dim, static_cast<float>(dinov2_norm_epsilon), format),
          attention({rows, tokens, dim / heads, 3 * dim, dim, format}) {
        const auto parameters = network.named_parameters();
        for (int i = 0; i < network.config().depth; ++i) {
            maps.push_back(maps_of(parameters, fmt::format("blocks.{}.", i), network.config().heads,
                                   rows, format));
        }
    }

    /// Room for `elements` values between the maps.
    Buffer room(std::size_t elements) const { return Buffer((elements * bytes + 3) / 4); }
    char* at(Buffer& buffer, std::size_t element) const {
        return reinterpret_cast<char*>(buffer.data()) + element * bytes;
    }
    Buffer scratch_for(const PackedProduct& product) const {
        return Buffer(product.scratchpad_floats());
    }

    /// Queries, keys and values of one row block of x.
    void start(const Maps& map, const float* x, void* qkv) const {
        Buffer floats(rows * dim), normed = room(rows * dim), scratch = scratch_for(map.qkv);
        norm.run(x, floats.data(), normed.data());
        map.qkv.run(normed.data(), qkv, scratch.data());
    }

    void attend(Buffer& qkv, Buffer& mixed) const {
        base::parallel_for(heads * blocks, 1, [&](std::size_t task, std::size_t) {
            const std::size_t column = task / blocks * (dim / heads);
            const std::size_t row = task % blocks * rows;
            Buffer scratch(attention.scratch_floats());
            attention.run(at(qkv, 3 * dim * row + column), at(qkv, dim + column),
                          at(qkv, 2 * dim + column), at(mixed, dim * row + column), scratch.data());
        });
    }

    /// What attention found, and the MLP, added to one row block of x.
    void finish(const Maps& map, const void* mixed, float* x) const {
        Buffer first = scratch_for(map.projection);
        map.projection.run(mixed, x, first.data());
        Buffer floats(rows * dim), normed = room(rows * dim);
        Buffer hidden = room(rows * map.into.shape().columns);
        norm.run(x, floats.data(), normed.data());
        Buffer second = scratch_for(map.into), third = scratch_for(map.out_of);
        map.into.run(normed.data(), hidden.data(), second.data());
        map.out_of.run(hidden.data(), x, third.data());
    }
};

DinoV2Inference::DinoV2Inference(const DinoV2& network, std::int64_t tokens, Precision precision) {
    if (network.config().swiglu) {
        base::fail("DINOv2: a network with SwiGLU runs through LibTorch alone");
    }
    if (precision == Precision::bf16 && !kernels::has_bf16()) {
        base::fail("teacher precision bf16: this processor has no AVX512-BF16; use fp32");
    }
    parts_ = std::make_unique<Parts>(network, static_cast<std::size_t>(tokens),
                                     precision == Precision::bf16 ? Format::bf16 : Format::f32);
}

DinoV2Inference::~DinoV2Inference() = default;

torch::Tensor DinoV2Inference::run(const torch::Tensor& tokens) const {
    const Parts& p = *parts_;
    const torch::Tensor given = tokens.detach().contiguous();
    const std::size_t count = p.tokens * p.dim;
    if (given.numel() != static_cast<std::int64_t>(count)) {
        base::fail("DINOv2: {} values were given for {} tokens of {} channels", given.numel(),
                   p.tokens, p.dim);
    }
    const std::size_t padded = p.blocks * p.rows;
    Buffer x(padded * p.dim), qkv = p.room(3 * padded * p.dim), mixed = p.room(padded * p.dim);
    x.zero();
    std::memcpy(x.data(), given.data_ptr<float>(), count * sizeof(float));
    const auto rows_of = [&](std::size_t block) { return x.data() + block * p.rows * p.dim; };
    const auto start = [&](const Maps& map, std::size_t block) {
        p.start(map, rows_of(block), p.at(qkv, 3 * block * p.rows * p.dim));
    };
    base::parallel_for(p.blocks, 1, [&](std::size_t block, std::size_t) {
        if (!p.maps.empty()) {
            start(p.maps.front(), block);
        }
    });
    for (std::size_t i = 0; i < p.maps.size(); ++i) {
        p.attend(qkv, mixed);
        base::parallel_for(p.blocks, 1, [&](std::size_t block, std::size_t) {
            p.finish(p.maps[i], p.at(mixed, block * p.rows * p.dim), rows_of(block));
            if (i + 1 < p.maps.size()) {
                start(p.maps[i + 1], block);
            }
        });
    }
    torch::Tensor out = torch::empty(given.sizes());
    std::memcpy(out.data_ptr<float>(), x.data(), count * sizeof(float));
    return out;
}

}  // namespace distillar::models
