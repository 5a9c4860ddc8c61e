#include "inference/seen_features.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::inference {
namespace {

/// Features that tell the column of the cell; images of 40 x 20 pixels.
class Columns : public models::Teacher {
public:
    std::string name() const override { return "columns"; }
    std::int64_t channels() const override { return 1; }
    std::string licence() const override { return ""; }
    models::FeatureGrid features(const std::filesystem::path&) override {
        models::FeatureGrid grid;
        grid.values = torch::arange(4, torch::kFloat32).view({1, 4, 1}).repeat({2, 1, 1});
        grid.image_width = 40;
        grid.image_height = 20;
        return grid;
    }
};

/// Looks along z.
datasets::CameraView camera(int width) {
    datasets::CameraView view;
    view.name = "front";
    view.image = "front/7.png";
    view.camera.width = width;
    view.camera.height = 20;
    view.camera.fx = view.camera.fy = 10;
    view.camera.cx = 19.5;
    view.camera.cy = 9.5;
    return view;
}

geometry::Points points() {
    geometry::Points points(4, 3);
    points << -6, 0, 4, /**/ 0, 0, -4, /**/ 6, 0, 4, /**/ 6, 0.1, 4;
    return points;
}

TEST(SeenFeatures, KeptPointsTakeWhatLiesAtTheirPixels) {
    const auto cloud = points();
    const auto first = camera(40), second = camera(40);
    geometry::Sample sample;
    sample.kept = {3, 1, 0};  // rows 0, 1, 2
    Columns teacher;
    const auto seen = seen_features({look_through(first, cloud), look_through(second, cloud)},
                                    sample, 4, teacher);
    EXPECT_EQ(seen.rows, (std::vector<std::int64_t>{2, 0, 2, 0}));
    const auto features = seen.features.view({-1});
    // u = 10 x/z + 19.5; cells are 10 pixels wide, centres at 4.5, 14.5, ...
    EXPECT_NEAR(features[0].item<float>(), (4.5 + 0.5) / 10 - 0.5, 1e-5);
    EXPECT_NEAR(features[1].item<float>(), (34.5 + 0.5) / 10 - 0.5, 1e-5);
    EXPECT_TRUE(features.slice(0, 0, 2).equal(features.slice(0, 2)));
}

TEST(SeenFeatures, WithoutAViewThereIsNothing) {
    Columns teacher;
    const auto seen = seen_features({}, geometry::Sample{}, 4, teacher);
    EXPECT_TRUE(seen.rows.empty());
    EXPECT_EQ(seen.features.sizes(), (torch::IntArrayRef{0, 1}));
}

TEST(SeenFeatures, AnImageOfAnotherSizeThanCalibratedIsNamed) {
    const auto cloud = points();
    const auto view = camera(80);
    geometry::Sample sample;
    sample.kept = {0, 1, 2, 3};
    Columns teacher;
    const auto error =
        test::error_of([&] { seen_features({look_through(view, cloud)}, sample, 4, teacher); });
    EXPECT_NE(error.find("front/7.png: has 40 x 20 pixels, but front is calibrated for 80 x 20"),
              std::string::npos)
        << error;
}

}  // namespace
}  // namespace distillar::inference
