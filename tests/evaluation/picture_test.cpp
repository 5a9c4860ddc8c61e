#include <cmath>
#include <limits>

#include "evaluation/birds_eye.hpp"
#include "evaluation/overlay.hpp"
#include "evaluation/picture_checks.hpp"
#include "support/data.hpp"

using namespace distillar;
using namespace distillar::evaluation;
using test::count;
using test::error_of;
using test::pixel;
using Classes = std::vector<std::uint8_t>;

namespace {

constexpr Color road = {140, 80, 150};
constexpr Color car = {70, 136, 226};
const ClassStyle style = {{"road", "car"}, {road, car}};
const double not_a_number = std::numeric_limits<double>::quiet_NaN();

geometry::Points points_from(const std::vector<std::array<double, 3>>& rows) {
    geometry::Points points(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t k = 0; k < 3; ++k) {
            points(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) = rows[i][k];
        }
    }
    return points;
}

}  // namespace

TEST(BirdsEye, ForwardIsUpAndLeftIsLeft) {
    const MapView view{20, 20, 20, 20, 0.1};
    const auto map =
        draw_map(points_from({{15, 3, 0}, {-5, -18, 0}}), std::vector<Color>{road, car}, view);
    EXPECT_EQ(map.width, 400);
    EXPECT_EQ(map.height, 400);
    EXPECT_EQ(pixel(map, 50, 170), road);
    EXPECT_EQ(pixel(map, 250, 380), car);
    EXPECT_EQ(count(map, road), 4);  // sparse points are 2 x 2 pixels
    EXPECT_EQ(count(map, car), 4);
}

TEST(BirdsEye, UpperPointsCoverLowerOnes) {
    const MapView view{20, 20, 20, 20, 0.1};
    const auto points = points_from({{15, 3, 2}, {15, 3, -1}});
    EXPECT_EQ(pixel(draw_map(points, std::vector<Color>{car, road}, view), 50, 170), car);
    EXPECT_EQ(pixel(draw_map(points, std::vector<Color>{road, car}, view), 50, 170), road);
}

TEST(BirdsEye, PointsOutsideOrNotFiniteAreLeftOut) {
    const MapView view{10, 10, 10, 10, 0.1};
    const auto points =
        points_from({{1e300, 0, 0}, {not_a_number, 0, 0}, {0, 5, not_a_number}, {11, 0, 0}});
    EXPECT_EQ(count(draw_map(points, std::vector<Color>(4, road), view), road), 0);
    EXPECT_NO_THROW(draw_map(points_from({}), {}, view));
}

TEST(BirdsEye, RingsAndSensor) {
    const MapView view{25, 25, 25, 25, 0.1};
    const auto map = draw_map(points_from({}), {}, view);
    const auto has_ring = [&](int row) {
        return count(map, colors::night, row, 249, row + 1, 250) == 0;
    };
    EXPECT_TRUE(has_ring(349) || has_ring(350));  // 10 m behind the sensor
    EXPECT_TRUE(has_ring(449) || has_ring(450));  // 20 m
    EXPECT_FALSE(has_ring(400));
    EXPECT_EQ(pixel(map, 250, 250), colors::white);
    EXPECT_GT(count(map, colors::white, 250, 240, 258, 260),
              count(map, colors::white, 242, 240, 250, 260));  // the triangle's tip is ahead
}

TEST(BirdsEye, BadViewsAndCountsAreErrors) {
    const auto points = points_from({{1, 1, 1}});
    const std::vector<Color> one = {road};
    EXPECT_HAS(error_of([&] { draw_map(points, {}, MapView{}); }), "a picture of 1 points with 0");
    EXPECT_HAS(error_of([&] {
                   draw_map(points, one, {50, 50, 50, 50, 0});
               }),
               "choose a view of 1 to 16384 pixels");
    EXPECT_HAS(error_of([&] {
                   draw_map(points, one, {50, -50, 50, 50, 0.1});
               }),
               "choose a view of 1 to 16384 pixels");
    EXPECT_HAS(error_of([&] {
                   draw_map(points, one, {not_a_number, 50, 50, 50, 0.1});
               }),
               "choose a view of 1 to 16384 pixels");
    EXPECT_HAS(error_of([&] {
                   draw_map(points, one, {50, 50, 50, 50, 1e-9});
               }),
               "choose a view of 1 to 16384 pixels");
    EXPECT_HAS(error_of([&] { draw_labels(points, Classes{2}, style, MapView{}, ""); }),
               "class 2 has no colour");
    EXPECT_HAS(error_of([&] {
                   draw_labels(points, Classes{1, 1}, style, MapView{}, "");
               }),
               "a picture of 1 points with 2");
    EXPECT_NE(
        error_of([&] { draw_comparison(points, Classes{1}, Classes{}, style, MapView{}, ""); }),
        "");
}

TEST(BirdsEye, AViewThatFits) {
    geometry::Points points(1000, 3);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {  // ahead only, 0 to 33 m, 8 m to each side
        points.row(i) << 33.0 * static_cast<double>(i) / 999, (i % 2 == 0 ? 8 : -8), 0;
    }
    points(7, 0) = 5000;  // one stray return does not count
    points(8, 1) = not_a_number;
    const auto view = fitting_view(points);
    EXPECT_EQ(view.front, 35);
    EXPECT_EQ(view.back, 5);
    EXPECT_EQ(view.left, 20);
    EXPECT_EQ(view.right, 20);
    EXPECT_GE(view.width(), 480);
    EXPECT_EQ(fitting_view(points_from({})).front, 50);
}

TEST(BirdsEye, ComparisonShowsTruthPredictionAndErrors) {
    const MapView view{20, 20, 20, 20, 0.1};
    const auto points = points_from({{15, 5, 0}, {5, 5, 0}, {-5, 15, 0}});
    const Classes truth = {0, 1, 255};
    const Classes prediction = {0, 0, 1};
    const auto image = draw_comparison(points, truth, prediction, style, view, "heading");
    const int panel = 400 + 8;
    ASSERT_EQ(image.width, 3 * panel - 8);
    int top = 0;  // the maps' first row: where the first point's colour stands first, less 50
    while (pixel(image, top, 150) != road) {
        ASSERT_LT(++top, image.height);
    }
    top -= 50;
    const auto map_pixel = [&](int map, int row, int column) {
        return pixel(image, top + row, map * panel + column);
    };
    EXPECT_EQ(map_pixel(0, 150, 150), car);
    EXPECT_EQ(map_pixel(0, 250, 50), colors::dim);
    EXPECT_EQ(map_pixel(1, 50, 150), road);
    EXPECT_EQ(map_pixel(1, 150, 150), road);
    EXPECT_EQ(map_pixel(1, 250, 50), car);
    EXPECT_EQ(map_pixel(2, 50, 150), colors::slate);
    EXPECT_EQ(map_pixel(2, 150, 150), colors::red);
    EXPECT_EQ(map_pixel(2, 250, 50), colors::night);
    EXPECT_GT(count(image, road, top + 400, 0, image.height, image.width), 100) << "no legend";
}

TEST(Legend, ShowsWhatOccursAndWraps) {
    const auto entries = legend_entries(style, Classes{1, 255}, Classes{1});
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].name, "car");
    EXPECT_EQ(entries[1].name, "not labelled");
    std::vector<LegendEntry> many(12, {"vegetation", road});
    const auto wide = draw_legend(many, 3000);
    const auto narrow = draw_legend(many, 300);
    EXPECT_GT(narrow.height, 5 * wide.height);
    EXPECT_EQ(count(wide, road), count(narrow, road));
    EXPECT_EQ(count(wide, colors::pale), count(narrow, colors::pale)) << "text is cut off";
}

TEST(Overlay, NearPointsCoverFarOnesInTheirDepthsColour) {
    const auto photo = blank_image(640, 480, {100, 100, 100});
    const auto points = points_from({{0, 0, 5}, {0, 0, 50}, {1, 0, 20}});
    const std::vector<geometry::PointPixel> pixels = {
        {0, 100, 200, 100.5F, 200.5F}, {1, 100, 200, 100.5F, 200.5F}, {2, 300, 400, 300, 400}};
    const auto image =
        draw_depth_overlay(photo, points, geometry::Pose::Identity(), pixels, "caption");
    EXPECT_EQ(image.width, 640);
    EXPECT_GT(image.height, 480);
    EXPECT_EQ(pixel(image, 100, 200), depth_color(5));
    EXPECT_EQ(pixel(image, 300, 400), depth_color(20));
    EXPECT_EQ(pixel(image, 200, 200), (Color{65, 65, 65}));
    EXPECT_GT(count(image, colors::white, 480, 0, image.height, 640), 50) << "no caption";

    geometry::Pose turned = geometry::Pose::Identity();
    turned.translation().z() = 3;
    EXPECT_EQ(pixel(draw_depth_overlay(photo, points, turned, pixels, ""), 100, 200),
              depth_color(8));
}

TEST(Overlay, ClassesAndBadInput) {
    const auto photo = blank_image(640, 480, {100, 100, 100});
    const auto points = points_from({{0, 0, 5}, {0, 0, 50}});
    const std::vector<geometry::PointPixel> pixels = {{0, 100, 200, 100, 200},
                                                      {1, 479, 639, 479, 639}};
    const auto pose = geometry::Pose::Identity();
    const auto image =
        draw_class_overlay(photo, points, pose, pixels, Classes{1, 0}, style, "truth");
    EXPECT_EQ(pixel(image, 100, 200), car);
    EXPECT_EQ(pixel(image, 479, 639), road);
    const auto ignored =
        draw_class_overlay(photo, points, pose, pixels, Classes{255, 0}, style, "truth");
    EXPECT_EQ(pixel(ignored, 100, 200), (Color{65, 65, 65}));
    EXPECT_EQ(count(ignored, car), 0) << "the legend names a class that is not drawn";
    EXPECT_HAS(
        error_of([&] { draw_class_overlay(photo, points, pose, pixels, Classes{1}, style, ""); }),
        "1 classes for 2 points");
    const std::vector<geometry::PointPixel> foreign = {{2, 0, 0, 0, 0}};
    EXPECT_HAS(error_of([&] { draw_depth_overlay(photo, points, pose, foreign, ""); }),
               "a projected point 2 of a cloud of 2");
}

TEST(Overlay, DepthColoursRunFromRedToBlue) {
    EXPECT_EQ(depth_color(0.5), depth_color(2));
    EXPECT_EQ(depth_color(1e9), depth_color(100));
    EXPECT_EQ(depth_color(not_a_number), depth_color(2));
    EXPECT_GT(depth_color(2)[0], depth_color(100)[0]);
    EXPECT_LT(depth_color(2)[2], depth_color(100)[2]);
}
