// open_dinov2: the vision transformer as a Teacher.
#include <map>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/dinov2.hpp"
#include "models/dinov2_inference.hpp"
#include "models/teacher_weights.hpp"

namespace distillar::models {

namespace {

namespace fs = std::filesystem;

/// "dinov2_vitl14", "dinov2_vits14_reg4", "dinov2_48x3" for sizes nobody published.
std::string size_name(const DinoV2Config& config) {
    static const std::map<std::pair<int, int>, char> letters{
        {{384, 12}, 's'}, {{768, 12}, 'b'}, {{1024, 24}, 'l'}, {{1536, 40}, 'g'}};
    const auto letter = letters.find({config.dim, config.depth});
    std::string name = letter == letters.end()
                           ? fmt::format("dinov2_{}x{}", config.dim, config.depth)
                           : fmt::format("dinov2_vit{}{}", letter->second, config.patch);
    return config.registers > 0 ? fmt::format("{}_reg{}", name, config.registers) : name;
}

class DinoV2Teacher : public Teacher {
public:
    DinoV2Teacher(std::shared_ptr<DinoV2> network, std::string weights_hash, int height, int width,
                  bool pre_norm, torch::Device device, Precision precision)
        : network_(std::move(network)),
          weights_hash_(std::move(weights_hash)),
          height_(height),
          width_(width),
          pre_norm_(pre_norm),
          device_(device),
          precision_(precision) {
        network_->to(device_);
        const DinoV2Config& config = network_->config();
        const bool inference = device_.is_cpu() && !config.swiglu;
        if (precision_ == Precision::bf16 && !inference) {
            base::fail("DINOv2 teacher: bf16 is for the CPU, and not for SwiGLU; use fp32");
        }
        if (inference) {
            const int patches = height_ / config.patch * (width_ / config.patch);
            inference_ = std::make_unique<DinoV2Inference>(
                *network_, 1 + config.registers + patches, precision_);
        }
    }

    std::string name() const override {
        return fmt::format("{} {}x{} {}{}", size_name(network_->config()), height_, width_,
                           pre_norm_ ? "pre-norm" : "norm",
                           precision_ == Precision::bf16 ? " bf16" : "");
    }
    std::int64_t channels() const override { return network_->config().dim; }
    std::string licence() const override { return "Apache-2.0"; }
    std::string fingerprint() const override {
        return fmt::format("{}, {} heads", weights_hash_, network_->config().heads);
    }
    std::int64_t cells() const override {
        const int patch = network_->config().patch;
        return std::int64_t{height_ / patch} * (width_ / patch);
    }

    FeatureGrid features(const fs::path& file) override {
        const torch::NoGradGuard no_grad;
        const auto image = formats::read_image(file);
        const auto output = forward(image_tensor(image, height_, width_).to(device_));
        const auto& tokens = pre_norm_ ? output.pre_norm : output.norm;
        const int patch = network_->config().patch;
        FeatureGrid grid;
        grid.values = tokens[0].slice(0, 1).reshape({height_ / patch, width_ / patch, -1}).cpu();
        grid.geometry = CellGeometry::corners;
        grid.image_width = image.width;
        grid.image_height = image.height;
        grid.input_width = width_;
        grid.input_height = height_;
        return grid;
    }

private:
    DinoV2::Output forward(const torch::Tensor& input) {
        return inference_ ? network_->finish(inference_->run(network_->embed(input)))
                          : network_->forward(input);
    }

    std::shared_ptr<DinoV2> network_;
    std::string weights_hash_;
    std::unique_ptr<DinoV2Inference> inference_;  ///< the blocks on the CPU
    int height_;
    int width_;
    bool pre_norm_;
    torch::Device device_;
    Precision precision_;
};

std::shared_ptr<DinoV2> read_dinov2(const fs::path& file, int heads) {
    if (formats::is_pth(file)) {
        return load_dinov2(formats::read_pth(file), file.string(), heads);
    }
    const auto stored = formats::read_safetensors(file);
    const auto written = stored.metadata.find("heads");
    if (heads == 0 && written != stored.metadata.end()) {
        heads = static_cast<int>(
            base::parse_integer(written->second, file.string() + ": metadata heads"));
    }
    return load_dinov2(stored.tensors, file.string(), heads);
}

}  // namespace

std::unique_ptr<Teacher> open_dinov2(const fs::path& weights, int height, int width, bool pre_norm,
                                     int heads, torch::Device device, Precision precision) {
    const fs::path file = teacher_weights(weights);
    auto network = read_dinov2(file, heads);
    const int patch = network->config().patch;
    if (height < patch || width < patch || height % patch != 0 || width % patch != 0) {
        base::fail("DINOv2 teacher: image size {} x {}: both must be multiples of the patch, {}",
                   height, width, patch);
    }
    return std::make_unique<DinoV2Teacher>(std::move(network), base::hash_of_file(file), height,
                                           width, pre_norm, device, precision);
}

}  // namespace distillar::models
