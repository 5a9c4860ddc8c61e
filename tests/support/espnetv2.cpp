#include "support/espnetv2.hpp"

#include "formats/safetensors.hpp"
#include "models/state.hpp"
#include "support/data.hpp"

namespace distillar::test {

std::shared_ptr<models::EspNetV2> random_espnetv2() {
    torch::manual_seed(11);
    auto network = std::make_shared<models::EspNetV2>(
        models::EspNetV2Config{std::array<std::int64_t, 4>{16, 32, 64, 128}});
    const torch::NoGradGuard no_grad;
    for (auto& item : network->named_parameters()) {
        const bool convolution = item.value().dim() == 4;
        convolution ? item.value().normal_(0, 0.3) : item.value().uniform_(0.2, 1);
    }
    for (auto& item : network->named_buffers()) {
        if (item.key().ends_with("running_mean")) {
            item.value().normal_(0, 0.2);
        } else if (item.key().ends_with("running_var")) {
            item.value().uniform_(0.5, 2);
        }
    }
    network->eval();
    return network;
}

std::filesystem::path write_random_espnetv2(const std::filesystem::path& folder) {
    std::string mean = "0.5", deviation = "2";
    for (int channel = 1; channel < 100; ++channel) {
        mean += ", 0.5";
        deviation += ", 2";
    }
    write_bytes(folder / "espnetv2_s_0.5_feature_stats.json",
                "{\"mean\": [" + mean + "], \"std\": [" + deviation + "]}");
    const auto weights = folder / "random.safetensors";
    formats::write_safetensors(weights, models::state_of(*random_espnetv2()));
    return weights;
}

}  // namespace distillar::test
