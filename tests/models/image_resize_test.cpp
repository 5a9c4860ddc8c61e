#include "models/image_resize.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::models {
namespace {

/// An image of these grey values.
formats::Image grey(int width, int height, const std::vector<int>& values) {
    formats::Image image{width, height, {}};
    for (const int value : values) {
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(value));
    }
    return image;
}

std::vector<int> values_of(const formats::Image& image) {
    std::vector<int> values;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
        EXPECT_EQ(image.rgb[i], image.rgb[i + 1]);
        EXPECT_EQ(image.rgb[i], image.rgb[i + 2]);
        values.push_back(image.rgb[i]);
    }
    return values;
}

using Values = std::vector<int>;

TEST(ImageResize, ShrinkingWidensTheTriangle) {
    // Weights 3/7, 3/7, 1/7 and mirrored: the filter spans four pixels, one is outside.
    const auto row = grey(4, 1, {0, 100, 200, 50});
    EXPECT_EQ(values_of(resize_triangle(row, 2, 1)), (Values{71, 121}));
    const auto column = grey(1, 4, {0, 100, 200, 50});
    EXPECT_EQ(values_of(resize_triangle(column, 1, 2)), (Values{71, 121}));
    // 3 to 2: the outer pixel weighs 5/6, the middle 1/2, the far one nothing.
    EXPECT_EQ(values_of(resize_triangle(grey(3, 1, {0, 90, 255}), 2, 1)), (Values{34, 193}));
}

TEST(ImageResize, EnlargingIsBilinearBetweenCentres) {
    EXPECT_EQ(values_of(resize_triangle(grey(2, 1, {0, 100}), 4, 1)), (Values{0, 25, 75, 100}));
    EXPECT_EQ(values_of(resize_triangle(grey(1, 2, {0, 100}), 1, 4)), (Values{0, 25, 75, 100}));
}

TEST(ImageResize, RoundsAfterEachPass) {
    // The mean of four pixels is 0.25; but 0.5 along the row is 1, and 0.5 of that is 1 again.
    EXPECT_EQ(values_of(resize_triangle(grey(2, 2, {0, 1, 0, 0}), 1, 1)), (Values{1}));
    EXPECT_EQ(values_of(resize_triangle(grey(2, 2, {0, 0, 0, 0}), 1, 1)), (Values{0}));
}

TEST(ImageResize, GivesWhatPilGives) {
    const auto image = grey(4, 3, {7, 0, 255, 31, 90, 200, 13, 77, 128, 64, 32, 16});
    EXPECT_EQ(values_of(resize_triangle(image, 3, 2)), (Values{49, 120, 83, 114, 70, 35}));
    EXPECT_EQ(values_of(resize_triangle(image, 6, 5)),
              (Values{7,  4,  43, 212, 143, 31,  40, 60, 93, 145, 104, 49, 90, 145, 169,
                      44, 45, 77, 113, 116, 103, 40, 32, 40, 128, 96,  59, 37, 24,  16}));
}

TEST(ImageResize, KeepsWhatHasTheSizeAndWhatIsConstant) {
    Values values;
    for (int i = 0; i < 35; ++i) {
        values.push_back(i * 37 % 256);
    }
    EXPECT_EQ(values_of(resize_triangle(grey(7, 5, values), 7, 5)), values);
    for (const int value : {0, 1, 127, 255}) {
        const auto flat = grey(31, 17, Values(31 * 17, value));
        EXPECT_EQ(values_of(resize_triangle(flat, 13, 41)), Values(13 * 41, value));
    }
}

TEST(ImageResize, ChannelsStayApart) {
    formats::Image image{2, 1, {10, 20, 30, 50, 60, 70}};
    EXPECT_EQ(resize_triangle(image, 1, 1).rgb, (std::vector<std::uint8_t>{30, 40, 50}));
}

TEST(ImageResize, EmptySizesAreErrors) {
    EXPECT_NE(test::error_of([] { resize_triangle({}, 4, 4); }).find("0 x 0"), std::string::npos);
    EXPECT_NE(test::error_of([] { resize_triangle(grey(1, 1, {0}), 0, 4); }).find("0 x 4"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::models
