#include "evaluation/canvas.hpp"

#include <limits>
#include <set>
#include <string>

#include "evaluation/font.hpp"
#include "evaluation/picture_checks.hpp"
#include "support/data.hpp"

using namespace distillar;
using namespace distillar::evaluation;
using test::count;
using test::error_of;
using test::pixel;

namespace {
constexpr Color black = {0, 0, 0};
}

TEST(Font, EveryLetterLooksDifferentAndLeavesGaps) {
    std::set<std::string> shapes;
    for (int code = 33; code < 127; ++code) {
        std::string shape;
        for (int row = 0; row < glyph_line; ++row) {
            for (int column = 0; column < glyph_advance; ++column) {
                shape += glyph_pixel(static_cast<char>(code), row, column) ? '#' : '.';
            }
            EXPECT_FALSE(glyph_pixel(static_cast<char>(code), row, glyph_advance - 1));
        }
        EXPECT_NE(shape.find('#'), std::string::npos) << static_cast<char>(code);
        EXPECT_TRUE(shapes.insert(shape).second) << static_cast<char>(code) << " is drawn twice";
    }
    for (int row = 0; row < glyph_line; ++row) {
        for (int column = 0; column < glyph_advance; ++column) {
            EXPECT_FALSE(glyph_pixel(' ', row, column));
            EXPECT_EQ(glyph_pixel('\xc3', row, column), glyph_pixel('?', row, column));
        }
    }
    EXPECT_FALSE(glyph_pixel('A', -1, 0));
    EXPECT_FALSE(glyph_pixel('A', 0, 99));
}

TEST(Font, LettersAreTheRightWayUp) {
    EXPECT_TRUE(glyph_pixel('L', 0, 0));
    EXPECT_FALSE(glyph_pixel('L', 0, 4));
    EXPECT_TRUE(glyph_pixel('L', 6, 4));
    EXPECT_TRUE(glyph_pixel('T', 0, 0));
    EXPECT_TRUE(glyph_pixel('T', 6, 2));
    EXPECT_FALSE(glyph_pixel('T', 6, 0));
}

TEST(Canvas, BlankImagesHaveLimits) {
    const auto image = blank_image(3, 2, {1, 2, 3});
    EXPECT_EQ(image.rgb.size(), 18u);
    EXPECT_EQ(count(image, {1, 2, 3}), 6);
    EXPECT_HAS(error_of([] { blank_image(0, 5, black); }), "a picture of 0 x 5 pixels");
    EXPECT_HAS(error_of([] { blank_image(5, 16385, black); }), "choose 1 to 16384 a side");
}

TEST(Canvas, EverythingIsClipped) {
    auto image = blank_image(20, 10, black);
    const auto before = image.rgb;
    const double far = 1e12;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    fill_rectangle(image, -50, -50, 40, 40, colors::white);
    fill_rectangle(image, 10, 0, 5, 5, colors::white);
    draw_text(image, -20, -100, "outside", colors::white, 2);
    draw_text(image, 0, 20, "outside", colors::white);
    draw_triangle(image, {-far, -far}, {-far, far}, {-far, 0}, colors::white);
    draw_circle(image, {far, far}, 3, colors::white);
    draw_circle(image, {nan, 2}, 3, colors::white);
    paste(image, blank_image(5, 5, colors::white), 10, 3);
    paste(image, blank_image(5, 5, colors::white), -5, -5);
    EXPECT_EQ(image.rgb, before);
    paste(image, blank_image(5, 5, colors::white), -3, 18);
    EXPECT_EQ(count(image, colors::white), 2 * 2);
    EXPECT_EQ(pixel(image, 0, 19), colors::white);
    fill_rectangle(image, 0, 0, 100, 100, colors::red);
    EXPECT_EQ(count(image, colors::red), 200);
}

TEST(Canvas, ShapesAreWhereTheyShouldBe) {
    auto image = blank_image(40, 40, black);
    draw_circle(image, {20, 20}, 10, colors::white);
    EXPECT_EQ(pixel(image, 20, 30), colors::white);
    EXPECT_EQ(pixel(image, 10, 20), colors::white);
    EXPECT_EQ(pixel(image, 20, 20), black);

    for (const bool turned : {false, true}) {  // either order of corners
        image = blank_image(40, 40, black);
        const PixelPosition left{30, 10};
        const PixelPosition right{30, 30};
        draw_triangle(image, {10, 20}, turned ? right : left, turned ? left : right, colors::red);
        EXPECT_EQ(pixel(image, 25, 20), colors::red);
        EXPECT_EQ(pixel(image, 12, 12), black);
        EXPECT_EQ(pixel(image, 35, 20), black);
    }
}

TEST(Canvas, LabelsStayInsideTheImage) {
    const std::string text = "30 m";
    auto whole = blank_image(100, 40, colors::night);
    draw_text(whole, 10, 10, text, colors::white, 2);
    const int inked = count(whole, colors::white);
    EXPECT_GT(inked, 50);
    for (const auto& [row, column] : {std::pair{-30, -30}, {500, 500}, {10, 95}, {38, 0}}) {
        auto image = blank_image(100, 40, colors::night);
        draw_label(image, row, column, text, colors::white, 2);
        EXPECT_EQ(count(image, colors::white), inked) << row << ", " << column;
    }
}

TEST(Canvas, LongTextIsCutToFit) {
    EXPECT_EQ(fit_text("abc", text_width("abc")), "abc");
    EXPECT_EQ(fit_text("abcdefgh", text_width("abcdefgh") - 1), "abcd...");
    EXPECT_EQ(fit_text("abcdefgh", 5), "");
    EXPECT_EQ(text_width(""), 0);
    for (int width = 0; width < 120; ++width) {
        EXPECT_LE(text_width(fit_text("a long heading", width, 2), 2), width);
    }
}
