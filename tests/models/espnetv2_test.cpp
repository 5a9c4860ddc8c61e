#include "models/espnetv2.hpp"

#include <gtest/gtest.h>

#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/compare.hpp"
#include "models/espnetv2_classifier.hpp"
#include "models/state.hpp"
#include "support/data.hpp"
#include "support/espnetv2.hpp"

namespace distillar::models {
namespace {

using test::holds;

namespace fs = std::filesystem;
using test::random_espnetv2;

std::vector<std::int64_t> sizes(std::initializer_list<std::int64_t> list) {
    return list;
}

TEST(EspNetV2, EqualsThePublished) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    DISTILLAR_DATA_OR_SKIP(data);
    const auto network = load_espnetv2(data / "weights/espnetv2_s_2.0_city_1024x512.pth");
    EXPECT_EQ(network->config().scale(), 2.0);
    const auto file = formats::read_safetensors(reference / "espnetv2.case.safetensors");
    const auto at = [&](const char* name) { return to_torch(file.tensors.at(name)); };
    const auto error = [&](const torch::Tensor& actual, const char* name) {
        return ((actual - at(name)).abs().max() / at(name).abs().max()).item<double>();
    };
    const torch::NoGradGuard no_grad;
    const auto output = network->forward(at("image"));
    const auto pooled = [](const torch::Tensor& map) {
        return at::adaptive_avg_pool2d(map, {8, 16});
    };
    EXPECT_LT(error(pooled(output.decoder_l3), "decoder_l3"), 1e-5);
    EXPECT_LT(error(pooled(output.decoder_l4), "decoder_l4"), 1e-5);
    EXPECT_LT(error(pooled(10 * torch::softmax(output.logits(), 1)), "softmax10"), 1e-5);
    const auto places = at("pixels");
    const auto rows = places.select(1, 0), columns = places.select(1, 1);
    EXPECT_LT(error(output.logits()[0].index({torch::indexing::Slice(), rows, columns}).t(),
                    "logits_at_pixels"),
              1e-5);
}

TEST(EspNetV2, SizesFollowTheInput) {
    const auto network = random_espnetv2();
    const torch::NoGradGuard no_grad;
    const auto output = network->forward(torch::rand({2, 3, 64, 96}));
    EXPECT_EQ(output.decoder_l3.sizes(), sizes({2, 48, 16, 24}));
    EXPECT_EQ(output.decoder_l4.sizes(), sizes({2, 32, 32, 48}));
    EXPECT_EQ(output.half_logits.sizes(), sizes({2, 20, 32, 48}));
    EXPECT_EQ(output.logits().sizes(), sizes({2, 20, 64, 96}));
    EXPECT_TRUE(torch::isfinite(output.half_logits).all().item<bool>());
    // Below five cells a side the pyramid's smallest stage is larger than its input.
    EXPECT_EQ(network->forward(torch::rand({1, 3, 16, 16})).logits().sizes(),
              sizes({1, 20, 16, 16}));
    EXPECT_TRUE(holds(test::error_of([&] {
                          network->forward(torch::rand({1, 3, 64, 100}));
                      }),
                      "64 x 100"));
}

TEST(EspNetV2, KeysAreThePublishedOnesOfEveryScale) {
    for (const std::array<std::int64_t, 4> widths :
         {std::array<std::int64_t, 4>{16, 32, 64, 128}, {32, 64, 128, 256}, {32, 96, 192, 384}}) {
        const EspNetV2Config config{widths};
        auto state = state_of(EspNetV2(config));
        EXPECT_EQ(state.size(), 523U) << "without the three that nothing uses";
        EXPECT_EQ(espnetv2_config_of(state, "memory").widths, widths);
        const auto& shape = state.at("merge_enc_dec_l2.expansion_layer.cbr.0.weight").shape;
        EXPECT_EQ(shape[0] * shape[1], widths[2]) << "64 filters in gcd(64, c2) groups";
    }
}

TEST(EspNetV2, LoadsStrictlyButForTheUnusedKeys) {
    auto state = state_of(*random_espnetv2());
    for (const char* level : {"2", "3", "4"}) {
        state[fmt::format("base_net.level{}_0.eesp.module_act.weight", level)] =
            from_torch(torch::zeros({16}));
    }
    const auto network = load_espnetv2(state, "s.pth");
    EXPECT_FALSE(network->is_training());
    EXPECT_FALSE(network->parameters()[0].requires_grad());

    auto extra = state;
    extra["base_net.level3.0.module_act.bias"] = from_torch(torch::zeros({16}));
    EXPECT_TRUE(holds(test::error_of([&] { load_espnetv2(extra, "s.pth"); }),
                      "extra base_net.level3.0.module_act.bias"));
    auto missing = state;
    missing.erase("bu_dec_l4.merge_layer.3.bias");
    EXPECT_TRUE(holds(test::error_of([&] { load_espnetv2(missing, "s.pth"); }),
                      "missing bu_dec_l4.merge_layer.3.bias"));
    auto classes = state;
    classes["bu_dec_l4.merge_layer.3.bias"] = from_torch(torch::zeros({21}));
    EXPECT_TRUE(holds(test::error_of([&] { load_espnetv2(classes, "s.pth"); }),
                      "bu_dec_l4.merge_layer.3.bias is [21], needs [20]"));
}

TEST(EspNetV2, AnotherNetworksWeightsNameTheKey) {
    EXPECT_EQ(test::error_of([] { load_espnetv2({}, "other.pth"); }),
              "other.pth: no key base_net.level1.act.weight: this is no ESPNetv2 state dict");
    auto state = state_of(*random_espnetv2());
    for (const std::int64_t width : {0, 8, 16, 100, 1 << 20}) {
        state["base_net.level2_0.act.weight"] = from_torch(torch::zeros({width}));
        const auto error = test::error_of([&] { load_espnetv2(state, "s.pth"); });
        EXPECT_TRUE(holds(error, fmt::format("level2_0.act.weight has shape [{}]", width)))
            << error;
    }
}

TEST(EspNetV2, PublishedScalesLoadAndSeeTheRoad) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto image = formats::read_image(data / "pandaset/001/camera/front_camera/00.jpg");
    for (const std::string scale : {"2.0", "0.5"}) {
        const EspNetV2Classifier classifier(data / "weights" /
                                            ("espnetv2_s_" + scale + "_city_1024x512.pth"));
        const auto classes = classifier.classify(image);
        ASSERT_EQ(classes.size(), image.rgb.size() / 3);
        const auto at = [&](int row, int column) {
            return int{classes[static_cast<std::size_t>(row * image.width + column)]};
        };
        EXPECT_EQ(at(1000, 900), 0) << "road, scale " << scale;
        EXPECT_EQ(at(100, 200), 10) << "sky, scale " << scale;
        EXPECT_EQ(at(650, 480), 13) << "car, scale " << scale;
    }
}

}  // namespace
}  // namespace distillar::models
