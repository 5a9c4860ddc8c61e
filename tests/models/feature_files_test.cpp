#include "models/feature_files.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "formats/image.hpp"
#include "formats/safetensors.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

namespace fs = std::filesystem;

struct Content {
    std::vector<float> values = std::vector<float>(2 * 3 * 4, 0.5F);
    std::vector<std::int64_t> shape{2, 3, 4};
    std::string tensor = "features";
    std::map<std::string, std::string> metadata{{"image_width", "12"},
                                                {"image_height", "8"},
                                                {"teacher", "test net"},
                                                {"weights_licence", "MIT"}};
};

void write(const fs::path& file, const Content& content) {
    fs::create_directories(file.parent_path());
    formats::write_safetensors(
        file,
        {{content.tensor,
          formats::make_half_tensor(std::span<const float>(content.values), content.shape)}},
        content.metadata);
}

/// One file for images/a/00.png.
struct Folders {
    test::TemporaryFolder root;
    fs::path image = root / "images" / "a" / "00.png";
    fs::path feature = root / "features" / "a" / "00.safetensors";
    std::unique_ptr<Teacher> open() const {
        return open_feature_files(root / "images", root / "features");
    }
    std::string error() const {
        return test::error_of([&] { open()->features(image); });
    }
};

TEST(FeatureFiles, GiveTheGridOfAnImage) {
    const Folders folders;
    Content content;
    content.values[5] = 2.5F;
    write(folders.feature, content);
    const auto teacher = folders.open();
    EXPECT_EQ(teacher->name(), "test net");
    EXPECT_EQ(teacher->channels(), 4);
    EXPECT_EQ(teacher->licence(), "MIT");
    const auto grid = teacher->features(folders.image);
    EXPECT_EQ(grid.values.sizes(), (std::vector<std::int64_t>{2, 3, 4}));
    EXPECT_EQ(grid.values[0][1][1].item<float>(), 2.5F);
    EXPECT_EQ(grid.geometry, CellGeometry::centres);
    EXPECT_EQ(grid.image_width, 12);
    EXPECT_EQ(grid.image_height, 8);
}

TEST(FeatureFiles, RealOnesFitTheirImages) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto teacher = open_feature_files(data, data / "teacher_features");
    EXPECT_EQ(teacher->name(), "espnetv2_s2.0_cityscapes_1024x512");
    EXPECT_EQ(teacher->channels(), 100);
    EXPECT_EQ(teacher->licence(), "MIT");
    const auto grid = teacher->features(data / "pandaset/002/camera/front_camera/00.jpg");
    EXPECT_EQ(grid.values.sizes(), (std::vector<std::int64_t>{32, 64, 100}));
    EXPECT_EQ(grid.image_width, 1920);
    // The last 20 channels are 10 x softmax, standardised: no constant, no giants.
    EXPECT_GT(grid.values.std().item<float>(), 0.5);
    EXPECT_LT(grid.values.abs().max().item<float>(), 100);
    const auto kitti = teacher->features(data / "kitti_object/training/image_2/000000.png");
    EXPECT_EQ(kitti.image_height, 370);
}

TEST(FeatureFiles, ImageWithoutFileIsNamed) {
    const Folders folders;
    write(folders.feature, {});
    const auto message =
        test::error_of([&] { folders.open()->features(folders.root / "images" / "a" / "01.png"); });
    EXPECT_NE(message.find("01.png: no feature file"), std::string::npos) << message;
    EXPECT_NE(message.find("a/01.safetensors"), std::string::npos) << message;
}

TEST(FeatureFiles, ImageOutsideTheFolderIsNamed) {
    const Folders folders;
    write(folders.feature, {});
    const auto message =
        test::error_of([&] { folders.open()->features(folders.root / "other" / "00.png"); });
    EXPECT_NE(message.find("does not lie below"), std::string::npos) << message;
}

TEST(FeatureFiles, RelativeAndUntidyPathsMeetTheSameFile) {
    const Folders folders;
    write(folders.feature, {});
    const auto teacher =
        open_feature_files(folders.root / "images/./x/../", folders.root / "features");
    EXPECT_EQ(teacher->features(folders.root / "images/a/../a/00.png").image_width, 12);
}

TEST(FeatureFiles, ImageOfAnotherSizeIsNamed) {
    const Folders folders;
    write(folders.feature, {});
    formats::Image image{16, 8, std::vector<std::uint8_t>(3 * 16 * 8, 9)};
    fs::create_directories(folders.image.parent_path());
    formats::write_png(folders.image, image);
    const auto message = folders.error();
    EXPECT_NE(message.find("12 x 8"), std::string::npos) << message;
    EXPECT_NE(message.find("16 x 8"), std::string::npos) << message;
}

TEST(FeatureFiles, AnotherTeacherAmongThemIsNamed) {
    const Folders folders;
    write(folders.feature, {});
    Content other;
    other.metadata["teacher"] = "other net";
    write(folders.root / "features" / "b.safetensors", other);
    const auto message =
        test::error_of([&] { folders.open()->features(folders.root / "images" / "b.png"); });
    EXPECT_NE(message.find("other net"), std::string::npos) << message;
}

TEST(FeatureFiles, MissingAndImpossibleEntriesAreNamed) {
    const auto error_with = [](const auto& change) {
        const Folders folders;
        Content content;
        change(content);
        write(folders.feature, content);
        return folders.error();
    };
    EXPECT_NE(error_with([](Content& c) { c.metadata.erase("image_width"); }).find("image_width"),
              std::string::npos);
    EXPECT_NE(
        error_with([](Content& c) { c.metadata["image_height"] = "8px"; }).find("image_height"),
        std::string::npos);
    EXPECT_NE(error_with([](Content& c) { c.metadata["image_height"] = "-8"; }).find("-8"),
              std::string::npos);
    EXPECT_NE(error_with([](Content& c) { c.metadata.erase("teacher"); }).find("teacher"),
              std::string::npos);
    EXPECT_NE(error_with([](Content& c) { c.tensor = "feature"; }).find("no tensor `features`"),
              std::string::npos);
    EXPECT_NE(error_with([](Content& c) { c.shape = {6, 4}; }).find("[6, 4]"), std::string::npos);
    EXPECT_NE(error_with([](Content& c) {
                  c.values[3] = std::numeric_limits<float>::infinity();
              }).find("not finite"),
              std::string::npos);
}

TEST(FeatureFiles, EmptyAndMissingFoldersSaySo) {
    const Folders folders;
    EXPECT_NE(test::error_of([&] { folders.open(); }).find("no such folder"), std::string::npos);
    fs::create_directories(folders.root / "features");
    EXPECT_NE(test::error_of([&] { folders.open(); }).find("no .safetensors"), std::string::npos);
}

TEST(FeatureFiles, TruncatedFileIsAnError) {
    const Folders folders;
    write(folders.feature, {});
    const auto bytes = test::read_bytes(folders.feature);
    test::write_bytes(folders.feature, bytes.substr(0, bytes.size() - 5));
    EXPECT_NE(folders.error().find("00.safetensors"), std::string::npos);
}

}  // namespace
}  // namespace distillar::models
