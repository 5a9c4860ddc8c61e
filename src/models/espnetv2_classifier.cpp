#include "models/espnetv2_classifier.hpp"

#include <algorithm>
#include <array>

#include "base/thread_pool.hpp"
#include "models/espnetv2.hpp"

namespace distillar::models {

namespace {

/// Two neighbouring cells along one axis and the weight of the second.
struct Tap {
    std::int64_t low;
    std::int64_t high;
    float weight;
};

/// Where pixel centres lie among the scores: by area in the network's input, whose outermost pixels
/// sit on the outermost scores.
std::vector<Tap> taps_of(int pixels, int input, std::int64_t cells) {
    std::vector<Tap> taps;
    for (int i = 0; i < pixels; ++i) {
        const double inside = std::clamp((i + 0.5) * input / pixels - 0.5, 0.0, input - 1.0);
        const double position = inside * static_cast<double>(cells - 1) / (input - 1);
        const auto low = static_cast<std::int64_t>(position);
        taps.push_back({low, std::min(low + 1, cells - 1),
                        static_cast<float>(position - static_cast<double>(low))});
    }
    return taps;
}

constexpr std::int64_t classes = EspNetV2::classes;

void mix(const float* low, const float* high, float weight, std::int64_t count, float* output) {
    for (std::int64_t i = 0; i < count; ++i) {
        output[i] = low[i] + weight * (high[i] - low[i]);
    }
}

/// While one lives, LibTorch keeps to the calling thread.
class OneThread {
public:
    OneThread() : before_(torch::get_num_threads()) { torch::set_num_threads(1); }
    ~OneThread() { torch::set_num_threads(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int before_;
};

}  // namespace

struct EspNetV2Classifier::Network {
    std::shared_ptr<EspNetV2> module;
};

EspNetV2Classifier::EspNetV2Classifier(const std::filesystem::path& weights)
    : network_(std::make_unique<Network>(Network{load_espnetv2(weights)})) {}
EspNetV2Classifier::~EspNetV2Classifier() = default;
EspNetV2Classifier::EspNetV2Classifier(EspNetV2Classifier&&) noexcept = default;
EspNetV2Classifier& EspNetV2Classifier::operator=(EspNetV2Classifier&&) noexcept = default;

std::vector<std::uint8_t> EspNetV2Classifier::classify(const formats::Image& image) const {
    const torch::NoGradGuard no_grad;
    const OneThread one_thread;
    const auto output = network_->module->forward(espnetv2_input(image));
    const auto scores = output.half_logits[0].permute({1, 2, 0}).contiguous();
    const float* values = scores.data_ptr<float>();
    const std::int64_t row_size = scores.size(1) * classes;
    const auto rows = taps_of(image.height, espnetv2_height, scores.size(0));
    const auto columns = taps_of(image.width, espnetv2_width, scores.size(1));
    std::vector<std::uint8_t> result(rows.size() * columns.size());
    base::parallel_for(rows.size(), 16, [&](std::size_t begin, std::size_t end) {
        std::vector<float> line(static_cast<std::size_t>(row_size));
        std::array<float, classes> pixel{};
        for (std::size_t r = begin; r < end; ++r) {
            mix(values + rows[r].low * row_size, values + rows[r].high * row_size, rows[r].weight,
                row_size, line.data());
            std::uint8_t* classes_of_row = result.data() + r * columns.size();
            for (const Tap& tap : columns) {
                mix(line.data() + tap.low * classes, line.data() + tap.high * classes, tap.weight,
                    classes, pixel.data());
                *classes_of_row++ = static_cast<std::uint8_t>(
                    std::max_element(pixel.begin(), pixel.end()) - pixel.begin());
            }
        }
    });
    return result;
}

}  // namespace distillar::models
