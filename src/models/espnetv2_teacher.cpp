// open_espnetv2: ESPNetv2 as a Teacher.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "formats/json.hpp"
#include "models/espnetv2.hpp"
#include "models/image_resize.hpp"

namespace distillar::models {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t grid_rows = 32;
constexpr std::int64_t grid_columns = 64;
constexpr std::int64_t feature_channels = 48 + 32 + EspNetV2::classes;
constexpr double softmax_weight = 10;

/// Mean and spread per channel.
struct Statistics {
    torch::Tensor mean, deviation;
};

Statistics read_statistics(const fs::path& file) {
    if (!fs::is_regular_file(file)) {
        base::fail_in(file,
                      "is not there: the teacher's features are standardised with it; put it "
                      "beside the weights, {{\"mean\": [...], \"std\": [...]}} of {} channels",
                      feature_channels);
    }
    const auto json = formats::read_json(file);
    formats::JsonFields fields(json, "", file);
    const auto mean = fields.numbers("mean", feature_channels);
    const auto deviation = fields.numbers("std", feature_channels);
    fields.finish();
    for (std::size_t i = 0; i < mean.size(); ++i) {
        if (!std::isfinite(mean[i]) || !std::isfinite(deviation[i]) || deviation[i] <= 0) {
            base::fail_in(file, "channel {}: mean must be finite, std finite and above 0", i);
        }
    }
    return {torch::tensor(mean, torch::kFloat32), torch::tensor(deviation, torch::kFloat32)};
}

class EspNetV2Teacher : public Teacher {
public:
    /// @param fingerprint  of weights and statistics
    EspNetV2Teacher(std::shared_ptr<EspNetV2> network, const Statistics& statistics,
                    std::string fingerprint, torch::Device device)
        : network_(std::move(network)),
          fingerprint_(std::move(fingerprint)),
          mean_(statistics.mean.to(device)),
          deviation_(statistics.deviation.to(device)),
          device_(device) {
        network_->to(device_);
    }

    std::string name() const override {
        return fmt::format("espnetv2_s{:.1f}_cityscapes_{}x{}", network_->config().scale(),
                           espnetv2_width, espnetv2_height);
    }
    std::int64_t channels() const override { return feature_channels; }
    std::string licence() const override { return "MIT"; }
    std::string fingerprint() const override { return fingerprint_; }
    std::int64_t cells() const override { return grid_rows * grid_columns; }

    FeatureGrid features(const fs::path& file) override {
        const torch::NoGradGuard no_grad;
        const auto image = formats::read_image(file);
        const auto output = network_->forward(espnetv2_input(image).to(device_));
        const auto pooled = [](const torch::Tensor& map) {
            return at::adaptive_avg_pool2d(map, {grid_rows, grid_columns});
        };
        const auto joined =
            torch::cat({pooled(output.decoder_l3), pooled(output.decoder_l4),
                        pooled(softmax_weight * torch::softmax(output.logits(), 1))},
                       1);
        FeatureGrid grid;
        grid.values = ((joined[0].permute({1, 2, 0}) - mean_) / deviation_).contiguous().cpu();
        grid.geometry = CellGeometry::centres;
        grid.image_width = image.width;
        grid.image_height = image.height;
        grid.input_width = espnetv2_width;
        grid.input_height = espnetv2_height;
        return grid;
    }

private:
    std::shared_ptr<EspNetV2> network_;
    std::string fingerprint_;
    torch::Tensor mean_, deviation_;
    torch::Device device_;
};

}  // namespace

torch::Tensor espnetv2_input(const formats::Image& image) {
    const auto resized = resize_triangle(image, espnetv2_width, espnetv2_height);
    auto bytes = torch::empty({resized.height, resized.width, 3}, torch::kUInt8);
    std::copy(resized.rgb.begin(), resized.rgb.end(), bytes.data_ptr<std::uint8_t>());
    return bytes.permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat32).contiguous() / 255;
}

std::unique_ptr<Teacher> open_espnetv2(const fs::path& weights, torch::Device device) {
    auto network = load_espnetv2(weights);
    const fs::path file =
        weights.parent_path() /
        fmt::format("espnetv2_s_{:.1f}_feature_stats.json", network->config().scale());
    const auto statistics = read_statistics(file);
    const auto fingerprint =
        fmt::format("{}, statistics {}", base::hash_of_file(weights), base::hash_of_file(file));
    return std::make_unique<EspNetV2Teacher>(std::move(network), statistics, fingerprint, device);
}

}  // namespace distillar::models
