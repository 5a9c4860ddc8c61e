// dinov2_config_of: what sizes a published state dict has.
#include <cmath>

#include "base/error.hpp"
#include "models/dinov2.hpp"

namespace distillar::models {

namespace {

constexpr std::int64_t max_size = 1 << 16;

/// The shape of a tensor, of this rank and with sizes in 1..65536.
const std::vector<std::int64_t>& shape_of(const formats::Tensors& state, const std::string& source,
                                          const std::string& key, std::size_t rank) {
    const auto found = state.find(key);
    if (found == state.end()) {
        base::fail("{}: no key {}: this is no DINOv2 state dict", source, key);
    }
    const auto& shape = found->second.shape;
    bool fits = shape.size() == rank;
    for (const std::int64_t size : shape) {
        fits = fits && size >= 1 && size <= max_size;
    }
    if (!fits) {
        base::fail("{}: {} has shape [{}]: this is no DINOv2 state dict", source, key,
                   fmt::join(shape, ", "));
    }
    return shape;
}

/// Number of blocks; each must hold its largest matrix, so that no more is ever allocated than the
/// file has.
int depth_of(const formats::Tensors& state, const std::string& source, std::int64_t dim) {
    int depth = 0;
    for (;; ++depth) {
        const std::string block = fmt::format("blocks.{}.", depth);
        if (!state.contains(block + "norm1.weight")) {
            break;
        }
        const auto& qkv = shape_of(state, source, block + "attn.qkv.weight", 2);
        if (qkv[0] != 3 * dim || qkv[1] != dim) {
            base::fail("{}: {}attn.qkv.weight has shape [{}]: it must be [{}, {}]", source, block,
                       fmt::join(qkv, ", "), 3 * dim, dim);
        }
    }
    if (depth == 0) {
        base::fail("{}: no key blocks.0.norm1.weight: this is no DINOv2 state dict", source);
    }
    return depth;
}

}  // namespace

DinoV2Config dinov2_config_of(const formats::Tensors& state, const std::string& source, int heads) {
    DinoV2Config config;
    const auto& patches = shape_of(state, source, "patch_embed.proj.weight", 4);
    config.dim = static_cast<int>(patches[0]);
    config.patch = static_cast<int>(patches[2]);
    if (patches[1] != 3 || patches[2] != patches[3]) {
        base::fail("{}: patch_embed.proj.weight has shape [{}]: this is no DINOv2 state dict",
                   source, fmt::join(patches, ", "));
    }
    const std::int64_t cells = shape_of(state, source, "pos_embed", 3)[1] - 1;
    config.positions = static_cast<int>(std::lround(std::sqrt(static_cast<double>(cells))));
    if (cells < 1 || std::int64_t{config.positions} * config.positions != cells) {
        base::fail("{}: pos_embed holds {} positions: it must be a class token and a square",
                   source, cells + 1);
    }
    config.depth = depth_of(state, source, config.dim);
    if (state.contains("register_tokens")) {
        config.registers = static_cast<int>(shape_of(state, source, "register_tokens", 3)[1]);
    }
    config.swiglu = state.contains("blocks.0.mlp.w12.weight");
    config.heads = heads > 0 ? heads : config.dim / 64;
    if (config.heads < 1 || config.dim % config.heads != 0) {
        base::fail(
            "{}: {} channels do not divide into {} attention heads: give the number of heads",
            source, config.dim, config.heads);
    }
    return config;
}

}  // namespace distillar::models
