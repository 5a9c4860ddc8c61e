// ESPNetv2 as a teacher, and as a classifier of pixels.
#include <gtest/gtest.h>

#include "models/compare.hpp"
#include "models/espnetv2_classifier.hpp"
#include "models/feature_files.hpp"
#include "support/data.hpp"
#include "support/espnetv2.hpp"

namespace distillar::models {
namespace {

using test::holds;

namespace fs = std::filesystem;

formats::Image pattern(int width, int height) {
    formats::Image image{width, height, {}};
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            image.rgb.push_back(static_cast<std::uint8_t>((row * 5 + column) % 256));
            image.rgb.push_back(static_cast<std::uint8_t>(row * 255 / height));
            image.rgb.push_back(static_cast<std::uint8_t>((column * 3) % 256));
        }
    }
    return image;
}

TEST(EspNetV2Teacher, EqualsTheStoredFeatures) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto teacher = open_espnetv2(data / "weights/espnetv2_s_2.0_city_1024x512.pth");
    const auto stored = open_feature_files(data, data / "teacher_features");
    EXPECT_EQ(teacher->name(), stored->name());
    EXPECT_EQ(teacher->channels(), stored->channels());
    EXPECT_EQ(teacher->licence(), stored->licence());
    for (const char* file :
         {"pandaset/001/camera/front_camera/00.jpg", "pandaset/002/camera/back_camera/40.jpg",
          "semantickitti/sequences/90/image_2/000006.png"}) {
        const auto actual = teacher->features(data / file);
        const auto expected = stored->features(data / file);
        ASSERT_EQ(actual.values.sizes(), expected.values.sizes());
        const auto rounding = expected.values.abs() / 2048;  // the files hold fp16
        const auto difference = (actual.values - expected.values).abs() - rounding;
        EXPECT_LT(difference.max().item<double>(), 0.01) << file;
        EXPECT_EQ(actual.geometry, CellGeometry::centres);
        EXPECT_EQ(actual.image_width, expected.image_width);
        EXPECT_EQ(actual.image_height, expected.image_height);
    }
}

TEST(EspNetV2Teacher, PoolsAndStandardises) {
    const test::TemporaryFolder folder;
    const auto teacher = open_espnetv2(test::write_random_espnetv2(folder.path()));
    EXPECT_EQ(teacher->name(), "espnetv2_s0.5_cityscapes_1024x512");
    EXPECT_EQ(teacher->channels(), 100);
    const auto image = pattern(90, 60);
    formats::write_png(folder / "i.png", image);
    const auto grid = teacher->features(folder / "i.png");
    ASSERT_EQ(grid.values.sizes(), (std::vector<std::int64_t>{32, 64, 100}));
    EXPECT_EQ(grid.values.scalar_type(), torch::kFloat32);
    EXPECT_EQ(grid.image_width, 90);
    EXPECT_EQ(grid.image_height, 60);

    const torch::NoGradGuard no_grad;
    const auto output = test::random_espnetv2()->forward(espnetv2_input(image));
    const auto cell = [](const torch::Tensor& map, std::int64_t side) {
        return map[0].slice(1, 5 * side, 6 * side).slice(2, 7 * side, 8 * side).mean({1, 2});
    };
    const auto softmax = 10 * torch::softmax(output.logits(), 1);
    const auto expected =
        (torch::cat({cell(output.decoder_l3, 4), cell(output.decoder_l4, 8), cell(softmax, 16)}) -
         0.5) /
        2;
    EXPECT_LT((grid.values[5][7] - expected).abs().max().item<double>(), 1e-4);
}

TEST(EspNetV2Teacher, StatisticsThatAreAbsentOrWrongAreNamed) {
    const test::TemporaryFolder folder;
    const auto weights = test::write_random_espnetv2(folder.path());
    const auto statistics = folder / "espnetv2_s_0.5_feature_stats.json";
    const auto error = [&] { return test::error_of([&] { open_espnetv2(weights); }); };
    const auto written = test::read_bytes(statistics);
    test::write_bytes(statistics, "{\"mean\": [1], \"std\": [1]}");
    EXPECT_TRUE(holds(error(), "mean")) << error();
    test::write_bytes(statistics, "{\"mean\": ");
    EXPECT_TRUE(holds(error(), "espnetv2_s_0.5_feature_stats.json")) << error();
    auto zero = written;
    zero.replace(zero.find("[2,"), 3, "[0,");
    test::write_bytes(statistics, zero);
    EXPECT_TRUE(holds(error(), "channel 0")) << error();
    fs::remove(statistics);
    EXPECT_TRUE(holds(error(), "is not there")) << error();
    EXPECT_EQ(error().find('\n'), std::string::npos);
}

TEST(EspNetV2Classifier, IsThePublishedOutputAtTheNetworksSize) {
    const test::TemporaryFolder folder;
    const EspNetV2Classifier classifier(test::write_random_espnetv2(folder.path()));
    const auto image = pattern(1024, 512);
    const auto classes = classifier.classify(image);
    const torch::NoGradGuard no_grad;
    const auto logits = test::random_espnetv2()->forward(espnetv2_input(image)).logits()[0];
    const auto best = logits.argmax(0).to(torch::kUInt8).contiguous();
    ASSERT_EQ(static_cast<std::int64_t>(classes.size()), best.numel());
    const auto same = torch::tensor(torch::ArrayRef<std::uint8_t>(classes), torch::kUInt8)
                          .eq(best.flatten())
                          .sum()
                          .item<std::int64_t>();
    EXPECT_GE(same, best.numel() - 20) << "but for ties of rounding";
}

TEST(EspNetV2Classifier, TakesAnySize) {
    const test::TemporaryFolder folder;
    const EspNetV2Classifier classifier(test::write_random_espnetv2(folder.path()));
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 700}, {1500, 40}}) {
        const auto classes = classifier.classify(pattern(width, height));
        ASSERT_EQ(classes.size(), static_cast<std::size_t>(width * height));
        EXPECT_LT(*std::max_element(classes.begin(), classes.end()), 20);
    }
    EXPECT_TRUE(holds(test::error_of([&] { classifier.classify({}); }), "0 x 0"));
    test::write_bytes(folder / "no.pth", "not weights");
    EXPECT_TRUE(
        holds(test::error_of([&] { EspNetV2Classifier wrong(folder / "no.pth"); }), "no.pth"));
}

}  // namespace
}  // namespace distillar::models
