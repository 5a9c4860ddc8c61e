#include "models/teacher.hpp"

#include <gtest/gtest.h>
#include <torch/nn/functional/upsampling.h>

#include <cmath>

#include "base/thread_pool.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

geometry::PointPixel pixel_at(float u, float v) {
    return {.point = 0,
            .row = static_cast<std::int32_t>(std::floor(v)),
            .column = static_cast<std::int32_t>(std::floor(u)),
            .v = v,
            .u = u};
}

/// 2 x 4 cells on a 6 x 8 image; channel 0 is the column, channel 1 ten times the row.
FeatureGrid ramp() {
    FeatureGrid grid;
    grid.values = torch::zeros({2, 4, 2});
    for (int r = 0; r < 2; ++r) {
        for (int c = 0; c < 4; ++c) {
            grid.values[r][c][0] = c;
            grid.values[r][c][1] = 10 * r;
        }
    }
    grid.image_width = 8;
    grid.image_height = 6;
    return grid;
}

TEST(SampleFeatures, CellCentresCarryTheCellsValue) {
    // Cell column 1 covers u in [1.5, 3.5] (pixel areas 2 and 3): its centre is u = 2.5.
    const auto sampled = sample_features(ramp(), {pixel_at(2.5F, 1), pixel_at(4.5F, 4)});
    EXPECT_FLOAT_EQ(sampled[0][0].item<float>(), 1);
    EXPECT_FLOAT_EQ(sampled[0][1].item<float>(), 0);
    EXPECT_FLOAT_EQ(sampled[1][0].item<float>(), 2);
    EXPECT_FLOAT_EQ(sampled[1][1].item<float>(), 10);
}

TEST(SampleFeatures, IsLinearBetweenCentresAndFlatBeyond) {
    const auto sampled = sample_features(
        ramp(), {pixel_at(3.5F, 2.5F), pixel_at(0, 0), pixel_at(7, 5), pixel_at(0.5F, 1)});
    EXPECT_FLOAT_EQ(sampled[0][0].item<float>(), 1.5F);
    EXPECT_FLOAT_EQ(sampled[0][1].item<float>(), 5);
    EXPECT_FLOAT_EQ(sampled[1][0].item<float>(), 0);
    EXPECT_FLOAT_EQ(sampled[2][0].item<float>(), 3);
    EXPECT_FLOAT_EQ(sampled[2][1].item<float>(), 10);
    EXPECT_FLOAT_EQ(sampled[3][0].item<float>(), 0);
}

TEST(SampleFeatures, CornersSitOnTheInputsBorderPixels) {
    FeatureGrid grid = ramp();
    grid.geometry = CellGeometry::corners;
    grid.input_width = 4;  // half the image: pixel columns 0, 0, 1, 1, 2, 2, 3, 3
    grid.input_height = 3;
    const auto sampled = sample_features(
        grid, {pixel_at(0.9F, 0), pixel_at(3.9F, 2.9F), pixel_at(7.9F, 5.9F), pixel_at(6.1F, 3)});
    EXPECT_FLOAT_EQ(sampled[0][0].item<float>(), 0);
    EXPECT_FLOAT_EQ(sampled[1][0].item<float>(), 1);
    EXPECT_FLOAT_EQ(sampled[1][1].item<float>(), 5);  // row 2 -> input row 1 of 0..2
    EXPECT_FLOAT_EQ(sampled[2][0].item<float>(), 3);
    EXPECT_FLOAT_EQ(sampled[2][1].item<float>(), 10);
    EXPECT_FLOAT_EQ(sampled[3][0].item<float>(), 3);
}

TEST(SampleFeatures, CornersEqualUpsamplingAndLookingUp) {
    torch::manual_seed(1);
    FeatureGrid grid;
    grid.values = torch::randn({4, 7, 3});
    grid.geometry = CellGeometry::corners;
    grid.image_width = grid.input_width = 98;
    grid.image_height = grid.input_height = 56;
    namespace F = torch::nn::functional;
    const auto upsampled = F::interpolate(grid.values.permute({2, 0, 1}).unsqueeze(0),
                                          F::InterpolateFuncOptions()
                                              .size(std::vector<std::int64_t>{56, 98})
                                              .mode(torch::kBilinear)
                                              .align_corners(true));
    std::vector<geometry::PointPixel> pixels;
    for (int row = 0; row < 56; row += 5) {
        for (int column = 0; column < 98; column += 3) {
            pixels.push_back(
                pixel_at(static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F));
        }
    }
    const auto sampled = sample_features(grid, pixels);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const auto expected = upsampled[0].select(1, pixels[i].row).select(1, pixels[i].column);
        EXPECT_LT((sampled[static_cast<std::int64_t>(i)] - expected).abs().max().item<float>(),
                  1e-5);
    }
}

TEST(SampleFeatures, SameBitsForAnyNumberOfThreads) {
    torch::manual_seed(2);
    FeatureGrid grid = ramp();
    grid.values = torch::randn({2, 4, 5});
    std::vector<geometry::PointPixel> pixels;
    for (int i = 0; i < 2000; ++i) {
        const auto step = static_cast<float>(i);
        pixels.push_back(pixel_at(std::fmod(step * 0.37F, 7.0F), std::fmod(step * 0.11F, 5.0F)));
    }
    const auto before = base::thread_count();
    base::set_thread_count(1);
    const auto one = sample_features(grid, pixels);
    base::set_thread_count(3);
    const auto three = sample_features(grid, pixels);
    base::set_thread_count(before);
    EXPECT_TRUE(torch::equal(one, three));
}

TEST(SampleFeatures, NoPixelGivesNoRow) {
    EXPECT_EQ(sample_features(ramp(), {}).sizes(), (std::vector<std::int64_t>{0, 2}));
}

TEST(SampleFeatures, UnusableGridsAreNamed) {
    FeatureGrid grid = ramp();
    grid.image_width = 0;
    EXPECT_NE(test::error_of([&] { sample_features(grid, {}); }).find("0 x 6"), std::string::npos);
    grid = ramp();
    grid.geometry = CellGeometry::corners;
    EXPECT_NE(test::error_of([&] { sample_features(grid, {}); }).find("input 0 x 0"),
              std::string::npos);
    grid.values = torch::zeros({0, 4, 2});
    EXPECT_NE(test::error_of([&] { sample_features(grid, {}); }).find("[0, 4, 2]"),
              std::string::npos);
    grid.values = torch::Tensor();
    EXPECT_NE(test::error_of([&] { sample_features(grid, {}); }).find("rows x columns"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::models
