#include "training/teacher_train/images.hpp"

#include <gtest/gtest.h>
#include <torch/nn/functional/upsampling.h>

#include "base/random.hpp"
#include "support/data.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

formats::Image random_image(int width, int height) {
    base::Random random(3, 0, 0);
    formats::Image image{width, height, {}};
    for (int i = 0; i < width * height * 3; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    return image;
}

datasets::Taxonomy two_classes() {
    datasets::Taxonomy taxonomy;
    taxonomy.name = "two";
    taxonomy.format = "log";
    taxonomy.classes = {"sky", "road"};
    taxonomy.raw_to_class = {{0, 255}, {1, 0}, {40, 1}};
    return taxonomy;
}

TEST(TeacherImages, TheWholeWindowIsDinoV2sOwnResize) {
    const auto image = random_image(30, 20);
    auto bytes = torch::empty({20, 30, 3}, torch::kUInt8);
    std::copy(image.rgb.begin(), image.rgb.end(), bytes.data_ptr<std::uint8_t>());
    const auto pixels = bytes.permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat32) / 255;
    for (const auto& size : {std::vector<std::int64_t>{28, 56}, {7, 9}}) {
        const auto expected = at::upsample_bilinear2d(pixels, size, /*align_corners=*/false)[0];
        const auto actual = cut_out(image, {}, size[0], size[1]);
        EXPECT_LT((actual - expected).abs().max().item<double>(), 1e-5);
        const auto mirrored = cut_out(image, {0, 0, 1, 1, true}, size[0], size[1]);
        EXPECT_LT((mirrored - expected.flip(2)).abs().max().item<double>(), 1e-5);
    }
}

TEST(TeacherImages, AWindowIsThatPartOfTheImage) {
    const auto image = random_image(8, 4);
    const auto part = cut_out(image, {0.5, 0.25, 0.5, 0.5, false}, 2, 4);
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 4; ++column) {
            for (int channel = 0; channel < 3; ++channel) {
                EXPECT_NEAR(part[channel][row][column].item<double>(),
                            image.at(2 + row, 2 + column)[channel] / 255.0, 1e-5);
            }
        }
    }
}

TEST(TeacherImages, ClassesAreReadAtTheMiddlesOfCells) {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "classes.png";
    formats::write_png(file, formats::GrayImage{4, 2, {1, 1, 0, 40, 1, 40, 40, 40}});
    const auto at = [&](const Window& window, std::int64_t rows, std::int64_t columns) {
        const auto classes = classes_in(file, two_classes(), window, rows, columns);
        EXPECT_EQ(classes.sizes(), (std::vector<std::int64_t>{rows, columns}));
        return std::vector<std::int64_t>(classes.data_ptr<std::int64_t>(),
                                         classes.data_ptr<std::int64_t>() + classes.numel());
    };
    using Classes = std::vector<std::int64_t>;
    EXPECT_EQ(at({}, 2, 4), (Classes{0, 0, 255, 1, 0, 1, 1, 1}));
    EXPECT_EQ(at({0, 0, 1, 1, true}, 2, 4), (Classes{1, 255, 0, 0, 1, 1, 1, 0}));
    EXPECT_EQ(at({0.5, 0, 0.5, 1, false}, 1, 4), (Classes{0, 1, 1, 1}));
    EXPECT_EQ(at({0, 0.5, 1, 0.5, false}, 2, 4), (Classes{255, 255, 1, 1, 1, 1, 1, 1}));

    formats::write_png(file, formats::GrayImage{2, 1, {1, 71}});
    const auto error = test::error_of([&] { at({}, 1, 2); });
    EXPECT_NE(error.find("classes.png"), std::string::npos) << error;
    EXPECT_NE(error.find("label 71"), std::string::npos) << error;
}

TEST(TeacherImages, MajorityCountsClassesOnly) {
    const auto classes = torch::tensor({0, 1, 255, 255, 2, 2,  //
                                        1, 1, 255, 2, 0, 0},
                                       torch::kInt64)
                             .view({2, 6});
    const auto most = majority_of(classes, 2, 3);
    EXPECT_TRUE(torch::equal(most, torch::tensor({{1, 2, 0}}, torch::kInt64)));
    EXPECT_TRUE(torch::equal(majority_of(torch::full({2, 2}, 255, torch::kInt64), 2, 3),
                             torch::full({1, 1}, 255, torch::kInt64)));
}

TEST(TeacherImages, ClassesAreFoundInEveryLayout) {
    const test::TemporaryFolder folder;
    const auto image = random_image(4, 2);
    const formats::GrayImage classes{4, 2, std::vector<std::uint8_t>(8, 40)};
    formats::write_png(folder / "kitti/sequences/00/image_2/000000.png", image);
    formats::write_png(folder / "kitti/sequences/00/extras/classes/image_2/000000.png", classes);
    formats::write_jpeg(folder / "nuscenes/samples/CAM_FRONT/a.jpg", image);
    formats::write_png(folder / "nuscenes/extras/classes/CAM_FRONT/a.png", classes);
    formats::write_png(folder / "nuscenes/maps/0.png", classes);
    const auto files = find_images({folder / "nuscenes", folder / "kitti/"}, true);
    ASSERT_EQ(files.size(), 2U) << "neither maps nor the pictures in extras are images";
    EXPECT_EQ(files[0].image.filename(), "a.jpg");
    EXPECT_EQ(files[0].classes, folder / "nuscenes/extras/classes/CAM_FRONT/a.png");
    EXPECT_EQ(files[1].classes, folder / "kitti/sequences/00/extras/classes/image_2/000000.png");
}

TEST(TeacherImages, WhatIsNotThereIsNamed) {
    const test::TemporaryFolder folder;
    const auto error = [&](bool with_classes) {
        return test::error_of([&] { find_images({folder / "data"}, with_classes); });
    };
    EXPECT_NE(error(true).find("no such folder"), std::string::npos);
    fs::create_directories(folder / "data/samples/CAM_FRONT");
    EXPECT_NE(error(true).find("there is no .png"), std::string::npos);
    formats::write_jpeg(folder / "data/samples/CAM_FRONT/a.jpg", random_image(4, 2));
    EXPECT_NE(error(true).find("extras/classes/CAM_FRONT/a.png"), std::string::npos);
    EXPECT_EQ(find_images({folder / "data"}, false).size(), 1U);
    formats::write_png(folder / "data/extras/classes/CAM_FRONT/a.png",
                       formats::GrayImage{2, 2, {1, 1, 1, 1}});
    EXPECT_NE(error(true).find("has 2 x 2 pixels, its image 4 x 2"), std::string::npos);
}

TEST(TeacherImages, WindowsLieInsideAndDrawsCoverEveryImageOnce) {
    ImageAugmentation augmentation;
    bool mirrored[2] = {false, false};
    for (std::uint64_t i = 0; i < 200; ++i) {
        base::Random random(1, 0, i);
        const Window window = random_window(augmentation, random);
        EXPECT_GE(window.top, 0);
        EXPECT_GE(window.left, 0);
        EXPECT_LE(window.top + window.height, 1 + 1e-12);
        EXPECT_LE(window.left + window.width, 1 + 1e-12);
        EXPECT_GE(window.height * window.width, 0.2);
        mirrored[window.mirrored ? 1 : 0] = true;
    }
    EXPECT_TRUE(mirrored[0] && mirrored[1]);

    TeacherTrainConfig config;
    config.batch = 3;
    std::vector<std::size_t> seen;
    for (std::int64_t step = 0; step < 5; ++step) {
        for (const auto& draw : image_draws(config, 5, step)) {
            seen.push_back(draw.image);
        }
    }
    for (std::size_t epoch = 0; epoch < 3; ++epoch) {
        const auto first = seen.begin() + static_cast<std::ptrdiff_t>(5 * epoch);
        std::vector<std::size_t> sorted(first, first + 5);
        std::sort(sorted.begin(), sorted.end());
        EXPECT_EQ(sorted, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    }
}

}  // namespace
}  // namespace distillar::training
