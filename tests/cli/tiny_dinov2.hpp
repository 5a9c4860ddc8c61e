#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "formats/safetensors.hpp"

namespace distillar::test {

/// One block of 64 channels, patches of 14 pixels.
inline std::filesystem::path write_dinov2(const std::filesystem::path& file) {
    constexpr int dim = 64;
    base::Random random(5, 0, 0);
    formats::Tensors state;
    const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
        std::int64_t count = 1;
        for (const auto size : shape) {
            count *= size;
        }
        std::vector<float> values;
        for (std::int64_t i = 0; i < count; ++i) {
            values.push_back(static_cast<float>(0.2 * random.normal()));
        }
        state[name] = formats::make_tensor(values, std::move(shape));
    };
    const auto add_linear = [&](const std::string& name, int out, int in) {
        add(name + ".weight", {out, in});
        add(name + ".bias", {out});
    };
    add("cls_token", {1, 1, dim});
    add("pos_embed", {1, 5, dim});
    add("patch_embed.proj.weight", {dim, 3, 14, 14});
    add("patch_embed.proj.bias", {dim});
    for (const std::string norm : {"norm", "blocks.0.norm1", "blocks.0.norm2"}) {
        add(norm + ".weight", {dim});
        add(norm + ".bias", {dim});
    }
    add_linear("blocks.0.attn.qkv", 3 * dim, dim);
    add_linear("blocks.0.attn.proj", dim, dim);
    add_linear("blocks.0.mlp.fc1", 4 * dim, dim);
    add_linear("blocks.0.mlp.fc2", dim, 4 * dim);
    add("blocks.0.ls1.gamma", {dim});
    add("blocks.0.ls2.gamma", {dim});
    formats::write_safetensors(file, state);
    return file;
}

}  // namespace distillar::test
