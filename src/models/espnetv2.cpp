#include "models/espnetv2.hpp"

#include "base/error.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace {

namespace fs = std::filesystem;
using namespace espnetv2;
using torch::nn::Module;

constexpr std::array<std::int64_t, 4> decoder_widths{64, 48, 32, EspNetV2::classes};
constexpr std::int64_t pooling_width = 10;
constexpr std::array down_largest{13, 11, 9};  // limits of kernel sizes in levels 2, 3, 4
constexpr std::array unit_largest{0, 9, 7};    // of the units behind them
constexpr std::array unit_count{0, 3, 7};      // level 2 has none
constexpr std::int64_t max_width = 4096;

/// Stored by the published code, used by nothing.
std::vector<std::string> unused_keys() {
    std::vector<std::string> keys;
    for (int level = 2; level <= 4; ++level) {
        keys.push_back(fmt::format("base_net.level{}_0.eesp.module_act.weight", level));
    }
    return keys;
}

}  // namespace

EspNetV2Config espnetv2_config_of(const formats::Tensors& state, const std::string& source) {
    constexpr std::array keys{"base_net.level1.act.weight", "base_net.level2_0.act.weight",
                              "base_net.level3_0.act.weight", "base_net.level4_0.act.weight"};
    EspNetV2Config config;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto found = state.find(keys[i]);
        if (found == state.end()) {
            base::fail("{}: no key {}: this is no ESPNetv2 state dict", source, keys[i]);
        }
        const auto& shape = found->second.shape;
        // Units split channels, and a quarter of them, into four groups.
        if (shape.size() != 1 || shape[0] <= before || shape[0] > max_width || shape[0] % 16 != 0) {
            base::fail(
                "{}: {} has shape [{}]: it must be one multiple of 16, above the level before and "
                "at most {}",
                source, keys[i], fmt::join(shape, ", "), max_width);
        }
        config.widths[i] = before = shape[0];
    }
    return config;
}

EspNetV2::EspNetV2(const EspNetV2Config& config) : config_(config) {
    const auto& widths = config.widths;
    auto encoder = register_module("base_net", std::make_shared<Module>());
    level1_ = encoder->register_module(
        "level1", std::make_shared<ConvolutionBlock>(ConvolutionShape{3, widths[0], 3, 2}));
    for (std::size_t i = 0; i < down_.size(); ++i) {
        down_[i] = encoder->register_module(
            fmt::format("level{}_0", i + 2),
            std::make_shared<Downsampler>(widths[i], widths[i + 1], down_largest[i]));
        if (unit_count[i] == 0) {
            continue;
        }
        auto units =
            encoder->register_module(fmt::format("level{}", i + 2), torch::nn::ModuleList());
        for (int unit = 0; unit < unit_count[i]; ++unit) {
            units_[i].push_back(
                std::make_shared<Eesp>(widths[i + 1], widths[i + 1], 1, unit_largest[i]));
            units->push_back(units_[i].back());
        }
    }
    std::int64_t below = widths[3];
    for (std::size_t i = 0; i < pooling_.size(); ++i) {
        pooling_[i] = register_module(
            fmt::format("bu_dec_l{}", i + 1),
            std::make_shared<PyramidPooling>(below, pooling_width, decoder_widths[i], i == 3));
        below = decoder_widths[i];
    }
    for (std::size_t i = 0; i < merge_.size(); ++i) {
        merge_[i] =
            register_module(fmt::format("merge_enc_dec_l{}", i + 2),
                            std::make_shared<EncoderMerge>(widths[2 - i], decoder_widths[i]));
        norm_[i] =
            register_module(fmt::format("bu_br_l{}", i + 2),
                            std::make_shared<NormActivation>(decoder_widths[i], plain_norm_names));
    }
}

torch::Tensor EspNetV2::decoded(std::size_t level, const torch::Tensor& below,
                                const torch::Tensor& encoder_level) {
    const auto larger = resize_corners(below, 2 * below.size(2), 2 * below.size(3));
    return norm_[level]->forward(larger + merge_[level]->forward(encoder_level));
}

EspNetV2::Output EspNetV2::forward(const torch::Tensor& images) {
    if (images.dim() != 4 || images.size(1) != 3 || images.size(2) % stride != 0 ||
        images.size(3) % stride != 0 || images.size(2) == 0 || images.size(3) == 0) {
        base::fail("ESPNetv2: an input of {} x {} pixels: both must be multiples of {}",
                   images.size(-2), images.size(-1), stride);
    }
    // Channels last from here on: oneDNN's depthwise convolutions run many times faster on it.
    const auto image = normalised_as_imagenet(images).contiguous(at::MemoryFormat::ChannelsLast);
    std::array<torch::Tensor, 4> levels{level1_->forward(image)};
    for (std::size_t i = 0; i < down_.size(); ++i) {
        auto level = down_[i]->forward(levels[i], image);
        for (auto& unit : units_[i]) {
            level = unit->forward(level);
        }
        levels[i + 1] = level;
    }
    Output output;
    const auto first = decoded(0, pooling_[0]->forward(levels[3]), levels[2]);
    output.decoder_l3 = decoded(1, pooling_[1]->forward(first), levels[1]);
    output.decoder_l4 = decoded(2, pooling_[2]->forward(output.decoder_l3), levels[0]);
    output.half_logits = pooling_[3]->forward(output.decoder_l4);
    return output;
}

torch::Tensor EspNetV2::Output::logits() const {
    return resize_corners(half_logits, 2 * half_logits.size(2), 2 * half_logits.size(3));
}

std::shared_ptr<EspNetV2> load_espnetv2(const formats::Tensors& state, const std::string& source) {
    auto network = std::make_shared<EspNetV2>(espnetv2_config_of(state, source));
    load_state(*network, state, source, "", unused_keys());
    for (auto& parameter : network->parameters()) {
        parameter.set_requires_grad(false);
    }
    network->eval();
    return network;
}

std::shared_ptr<EspNetV2> load_espnetv2(const fs::path& weights) {
    const auto state = formats::is_pth(weights) ? formats::read_pth(weights)
                                                : formats::read_safetensors(weights).tensors;
    return load_espnetv2(state, weights.string());
}

}  // namespace distillar::models
