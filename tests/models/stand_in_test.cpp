// The weights that come with the program (docs/stand-in-teacher.md).
#include <gtest/gtest.h>

#include "formats/image.hpp"
#include "models/dinov2.hpp"
#include "models/teacher_weights.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

namespace fs = std::filesystem;

TEST(StandIn, IsKeptWithTheProgramAndSmall) {
    const fs::path file = teacher_weights("stand-in");
    ASSERT_TRUE(fs::exists(file)) << file;
    EXPECT_LE(fs::file_size(file), 3'000'000U);
}

TEST(StandIn, NamesAndPathsOfWeights) {
    const test::TemporaryFolder folder;
    for (const char* path : {"", "weights/stand-in", "stand-in.pth", "/a/b"}) {
        EXPECT_EQ(teacher_weights(path), path);
    }
    const auto error = test::error_of([] { teacher_weights("standin"); });
    EXPECT_NE(error.find("no weights 'standin'"), std::string::npos) << error;
    EXPECT_NE(error.find("stand-in"), std::string::npos) << error;
}

/// A sky that fades, a road, and a red box.
formats::Image scene() {
    formats::Image image{96, 48, {}};
    for (int row = 0; row < image.height; ++row) {
        for (int column = 0; column < image.width; ++column) {
            const bool box = row >= 20 && row < 32 && column >= 30 && column < 54;
            const int grey = row < 20 ? 200 - 2 * row : 70 + row;
            image.rgb.push_back(static_cast<std::uint8_t>(box ? 190 : grey));
            image.rgb.push_back(static_cast<std::uint8_t>(box ? 30 : grey));
            image.rgb.push_back(static_cast<std::uint8_t>(box ? 40 : row < 20 ? 230 : grey));
        }
    }
    return image;
}

TEST(StandIn, OpensAsATeacherWithTheFeaturesItWasKeptWith) {
    const test::TemporaryFolder folder;
    formats::write_png(folder / "scene.png", scene());
    const auto teacher = open_dinov2("stand-in", 224, 448);
    EXPECT_EQ(teacher->name(), "dinov2_96x6 224x448 pre-norm");
    EXPECT_EQ(teacher->licence(), "Apache-2.0");
    const auto values = teacher->features(folder / "scene.png").values;
    ASSERT_EQ(values.sizes(), (std::vector<std::int64_t>{16, 32, 96}));
    const auto at = [&](int row, int column, int channel) {
        return values[row][column][channel].item<double>();
    };
    const double tolerance = 2e-3;  // of other processors' kernels
    EXPECT_NEAR(values.mean().item<double>(), 0.55412, tolerance);
    EXPECT_NEAR(values.std().item<double>(), 4.39927, tolerance);
    EXPECT_NEAR(at(1, 4, 0), -2.87676, tolerance);     // sky
    EXPECT_NEAR(at(8, 14, 10), -1.43345, tolerance);   // box
    EXPECT_NEAR(at(14, 30, 95), -1.13144, tolerance);  // road
}

}  // namespace
}  // namespace distillar::models
