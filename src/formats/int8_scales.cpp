#include "formats/int8_scales.hpp"

#include <cmath>

#include "base/error.hpp"

namespace distillar::formats {

namespace {

constexpr const char* prefix = "quantization.";
constexpr const char* embedding_name = "quantization.embed.steps";

std::string name_of(std::size_t layer, const char* which) {
    return fmt::format("quantization.channel_mix.{}.{}_steps", layer, which);
}

/// The tensor's values, which is then gone from `tensors`; empty if it was not there.
std::vector<float> take(Tensors& tensors, const std::string& name, std::size_t channels,
                        const std::filesystem::path& file) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
        return {};
    }
    const Tensor tensor = found->second;
    tensors.erase(found);
    if (tensor.dtype != Dtype::f32 ||
        tensor.shape != std::vector<std::int64_t>{static_cast<std::int64_t>(channels)}) {
        base::fail_in(file, "{} is {} [{}], needs F32 [{}]: quantize the model again", name,
                      formats::name_of(tensor.dtype), fmt::join(tensor.shape, ", "), channels);
    }
    auto values = to_floats(tensor, name);
    for (const float value : values) {
        if (!(std::isfinite(value) && value > 0)) {
            base::fail_in(file, "{} holds {}, needs finite values above 0: quantize again", name,
                          value);
        }
    }
    return values;
}

void add(const std::string& name, const std::vector<float>& values, Tensors& tensors) {
    tensors[name] = make_tensor(values, {static_cast<std::int64_t>(values.size())});
}

}  // namespace

std::optional<Int8Scales> take_int8_scales(Tensors& tensors, std::size_t channels,
                                           std::size_t depth, const std::filesystem::path& file) {
    const auto first = tensors.lower_bound(prefix);
    if (first == tensors.end() || !first->first.starts_with(prefix)) {
        return std::nullopt;
    }
    Int8Scales steps;
    steps.embedding = take(tensors, embedding_name, channels, file);
    steps.layers.resize(depth);
    for (std::size_t i = 0; i < depth; ++i) {
        Int8Scales::Layer layer{take(tensors, name_of(i, "source"), channels, file),
                                take(tensors, name_of(i, "hidden"), channels, file)};
        if (layer.source.empty() != layer.hidden.empty()) {
            base::fail_in(file, "{} and {} belong together, one is missing: quantize again",
                          name_of(i, "source"), name_of(i, "hidden"));
        }
        if (!layer.source.empty()) {
            steps.layers[i] = std::move(layer);
        }
    }
    const auto rest = tensors.lower_bound(prefix);
    if (rest != tensors.end() && rest->first.starts_with(prefix)) {
        base::fail_in(file, "{} is not known (the network has {} layers): quantize again",
                      rest->first, depth);
    }
    return steps;
}

void add_int8_scales(const Int8Scales& steps, Tensors& tensors) {
    if (!steps.embedding.empty()) {
        add(embedding_name, steps.embedding, tensors);
    }
    for (std::size_t i = 0; i < steps.layers.size(); ++i) {
        if (steps.layers[i]) {
            add(name_of(i, "source"), steps.layers[i]->source, tensors);
            add(name_of(i, "hidden"), steps.layers[i]->hidden, tensors);
        }
    }
}

}  // namespace distillar::formats
