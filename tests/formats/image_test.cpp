#include "formats/image.hpp"

#include <png.h>
#include <turbojpeg.h>

#include <cstdio>
#include <cstdlib>

#include "formats/cloud_testing.hpp"

namespace distillar {
namespace {

using formats::Image;
using test::error_of;

/// Smooth colours, so that JPEG is close to them.
Image smooth_image(int width, int height) {
    Image image{width, height,
                std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height))};
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            image.at(row, column)[0] = static_cast<std::uint8_t>(255 * row / height);
            image.at(row, column)[1] = static_cast<std::uint8_t>(255 * column / width);
            image.at(row, column)[2] = 100;
        }
    }
    return image;
}

struct PngForm {
    int color_type;
    int depth;
    int interlace = PNG_INTERLACE_NONE;
};

/// A PNG of any form, one row per string of raw samples.
std::string raw_png(const std::filesystem::path& file, PngForm form, unsigned width,
                    std::vector<std::string> rows, const std::vector<png_color>& palette = {}) {
    std::FILE* stream = std::fopen(file.c_str(), "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, stream);
    png_set_IHDR(png, info, width, static_cast<unsigned>(rows.size()), form.depth, form.color_type,
                 form.interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (!palette.empty()) {
        const png_byte alpha[] = {0, 128};
        png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
        png_set_tRNS(png, info, alpha, 2, nullptr);
    }
    std::vector<png_bytep> pointers;
    for (auto& row : rows) {
        pointers.push_back(reinterpret_cast<png_bytep>(row.data()));
    }
    png_set_rows(png, info, pointers.data());
    png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
    png_destroy_write_struct(&png, &info);
    std::fclose(stream);
    return test::read_bytes(file);
}

std::string raw_jpeg(const Image& image, int sampling, int flags, int format = TJPF_RGB) {
    tjhandle codec = tjInitCompress();
    unsigned char* data = nullptr;
    unsigned long size = 0;
    EXPECT_EQ(tjCompress2(codec, image.rgb.data(), image.width, 0, image.height, format, &data,
                          &size, sampling, 90, flags),
              0)
        << tjGetErrorStr2(codec);
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    tjFree(data);
    tjDestroy(codec);
    return bytes;
}

class ImageFile : public testing::Test {
protected:
    Image read(const std::string& bytes) {
        return formats::read_image(test::write_bytes(file_, bytes));
    }
    std::string error(const std::string& bytes) {
        return error_of([&] { read(bytes); });
    }
    std::vector<int> colors(const std::string& bytes) {
        const Image image = read(bytes);
        return {image.rgb.begin(), image.rgb.end()};
    }

    test::TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "image";
};

TEST_F(ImageFile, PngRoundTripIsExact) {
    for (const auto& [width, height] : {std::pair(1, 1), std::pair(37, 5), std::pair(640, 480)}) {
        const Image image = smooth_image(width, height);
        formats::write_png(file_, image);
        const Image again = formats::read_image(file_);
        EXPECT_EQ(again.width, width);
        EXPECT_EQ(again.height, height);
        EXPECT_EQ(again.rgb, image.rgb);
        EXPECT_EQ(formats::read_image_size(file_).width, width);
        EXPECT_EQ(formats::read_image_size(file_).height, height);
    }
}

TEST_F(ImageFile, JpegRoundTripIsClose) {
    const Image image = smooth_image(65, 33);
    formats::write_jpeg(file_, image, 95);
    const Image again = formats::read_image(file_);
    ASSERT_EQ(again.rgb.size(), image.rgb.size());
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
        ASSERT_NEAR(again.rgb[i], image.rgb[i], 12);
    }
    EXPECT_EQ(formats::read_image_size(file_).width, 65);
    EXPECT_EQ(formats::read_image_size(file_).height, 33);
    const auto fine = std::filesystem::file_size(file_);
    formats::write_jpeg(file_, image, 20);
    EXPECT_LT(std::filesystem::file_size(file_), fine);
}

TEST_F(ImageFile, EveryFormOfPngBecomesRgb) {
    using V = std::vector<int>;
    EXPECT_EQ(colors(raw_png(file_, {PNG_COLOR_TYPE_GRAY, 8}, 2, {"\x01\x80"})),
              (V{1, 1, 1, 128, 128, 128}));
    EXPECT_EQ(colors(raw_png(file_, {PNG_COLOR_TYPE_GRAY, 1}, 3, {"\xa0"})),
              (V{255, 255, 255, 0, 0, 0, 255, 255, 255}));
    EXPECT_EQ(
        colors(raw_png(file_, {PNG_COLOR_TYPE_GRAY_ALPHA, 8}, 1, {std::string("\x07\x00", 2)})),
        (V{7, 7, 7}));
    EXPECT_EQ(colors(raw_png(file_, {PNG_COLOR_TYPE_RGB_ALPHA, 8}, 1,
                             {std::string("\x01\x02\x03\x00", 4)})),
              (V{1, 2, 3}));
    // 0x01ff of 65535 is 1.99 of 255: rounded, not cut to its high byte.
    EXPECT_EQ(colors(raw_png(file_, {PNG_COLOR_TYPE_RGB, 16}, 1,
                             {std::string("\x01\xff\x80\x80\xff\xff", 6)})),
              (V{2, 128, 255}));
    EXPECT_EQ(colors(raw_png(file_, {PNG_COLOR_TYPE_GRAY, 16}, 1, {std::string("\x01\xff", 2)})),
              (V{2, 2, 2}));
    const std::vector<png_color> palette = {{9, 8, 7}, {1, 2, 3}, {4, 5, 6}};
    EXPECT_EQ(colors(raw_png(file_, {PNG_COLOR_TYPE_PALETTE, 8}, 3,
                             {std::string("\x00\x02\x01", 3)}, palette)),
              (V{9, 8, 7, 4, 5, 6, 1, 2, 3}));
}

TEST_F(ImageFile, InterlacedPngEqualsThePlainOne) {
    const Image image = smooth_image(21, 13);
    std::vector<std::string> rows;
    for (int row = 0; row < image.height; ++row) {
        rows.emplace_back(reinterpret_cast<const char*>(image.at(row, 0)), 3u * 21);
    }
    const PngForm form{PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_ADAM7};
    EXPECT_EQ(read(raw_png(file_, form, 21, rows)).rgb, image.rgb);
}

TEST_F(ImageFile, EveryFormOfJpegBecomesRgb) {
    const Image image = smooth_image(40, 24);
    for (const int sampling : {TJSAMP_444, TJSAMP_420, TJSAMP_422, TJSAMP_GRAY}) {
        for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
            const Image again = read(raw_jpeg(image, sampling, flags));
            ASSERT_EQ(again.rgb.size(), image.rgb.size());
            const std::uint8_t* pixel = again.at(12, 20);
            if (sampling == TJSAMP_GRAY) {
                EXPECT_EQ(pixel[0], pixel[1]);
                EXPECT_EQ(pixel[0], pixel[2]);
            } else {
                EXPECT_NEAR(pixel[0], 127, 12);
                EXPECT_NEAR(pixel[2], 100, 12);
            }
        }
    }
    const Image four{10, 10, std::vector<std::uint8_t>(400, 9)};
    EXPECT_HAS(error(raw_jpeg(four, TJSAMP_444, 0, TJPF_CMYK)), "cannot be decoded");
}

TEST_F(ImageFile, EveryCutIsRefused) {
    const Image image = smooth_image(40, 24);
    for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
        const std::string bytes = raw_jpeg(image, TJSAMP_420, flags);
        test::expect_cuts_refused(formats::read_image, file_, bytes, bytes.size());
    }
    formats::write_png(file_, image);
    const std::string bytes = test::read_bytes(file_);
    test::expect_cuts_refused(formats::read_image, file_, bytes, bytes.size());
    for (std::size_t size = 0; size < 33; ++size) {
        EXPECT_TRUE(test::fails_cleanly(formats::read_image_size, file_, bytes.substr(0, size)));
    }
}

TEST_F(ImageFile, DamageIsSurvived) {
    const Image image = smooth_image(40, 24);
    formats::write_png(file_, image);
    for (const std::string& bytes : {test::read_bytes(file_), raw_jpeg(image, TJSAMP_420, 0),
                                     raw_jpeg(image, TJSAMP_444, TJFLAG_PROGRESSIVE)}) {
        test::expect_damage_survived(formats::read_image, file_, bytes, 1000);
        test::expect_damage_survived(formats::read_image_size, file_, bytes, 300);
    }
}

TEST_F(ImageFile, StrayBytesOfSomeCamerasAreHarmless) {
    std::string bytes = raw_jpeg(smooth_image(40, 24), TJSAMP_420, 0);
    const Image image = read(bytes);
    const std::string stray = bytes.substr(0, bytes.size() - 2) + "abc\xff\xd9";
    EXPECT_EQ(read(stray).rgb, image.rgb);
    EXPECT_EQ(read(stray + std::string(10, '\0')).rgb, image.rgb);
    EXPECT_HAS(error(stray.substr(0, stray.size() - 2)), "cannot be decoded");
}

TEST_F(ImageFile, LyingDimensionsAreRefusedBeforeMemoryIsTaken) {
    formats::write_png(file_, smooth_image(4, 4));
    std::string png = test::read_bytes(file_);
    png.replace(16, 8, std::string("\x00\x00\x40\x01\x00\x00\x00\x04", 8));
    EXPECT_HAS(error(png),
               "16385 x 4 pixels: a side of 16385 pixels, more than the limit of 16384");
    png.replace(16, 8, std::string("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8));
    EXPECT_HAS(error(png), "2147483647 x 2147483647");
    png.replace(16, 8, std::string("\x00\x00\x00\x00\x00\x00\x00\x04", 8));
    EXPECT_HAS(error(png), "0 x 4 pixels");
    png.replace(16, 8, std::string("\x00\x00\x40\x00\x00\x00\x40\x00", 8));
    EXPECT_HAS(error(png), "claims 16384 x 16384 pixels, impossible");

    const std::string jpeg = raw_jpeg(smooth_image(40, 24), TJSAMP_420, 0);
    const auto frame = jpeg.find("\xff\xc0");
    ASSERT_NE(frame, std::string::npos);
    std::string lying = jpeg;
    lying.replace(frame + 5, 4, "\x40\x01\x40\x01");
    EXPECT_HAS(error(lying), "16385 x 16385 pixels: a side of");
    lying.replace(frame + 5, 4, std::string("\x40\x00\x40\x00", 4));
    EXPECT_HAS(error(lying), "claims 16384 x 16384 pixels, impossible");
    lying.replace(frame + 5, 4, std::string("\x00\x30\x00\x28", 4));
    EXPECT_HAS(error(lying), "cannot be decoded");
}

TEST_F(ImageFile, OtherFilesAreNamed) {
    EXPECT_HAS(error(""), "image: is empty");
    EXPECT_HAS(error("GIF89a"), "neither JPEG nor PNG");
    EXPECT_HAS(error(std::string(100, '\0')), "neither JPEG nor PNG");
    EXPECT_HAS(error_of([&] { formats::read_image(folder_ / "none.png"); }), "no such file");
    EXPECT_HAS(error_of([&] { formats::read_image_size(folder_ / "none.png"); }), "no such file");
    EXPECT_HAS(error_of([&] { formats::read_image_size(test::write_bytes(file_, "GIF89a")); }),
               "neither JPEG nor PNG");
}

TEST_F(ImageFile, GrayValuesComeBackAsTheyAre) {
    formats::GrayImage image{16, 16, {}};
    for (int value = 0; value < 256; ++value) {
        image.values.push_back(static_cast<std::uint8_t>(value));
    }
    formats::write_png(file_, image);
    const std::string bytes = test::read_bytes(file_);
    EXPECT_EQ(bytes[24], 8);  // bits a sample
    EXPECT_EQ(bytes[25], 0);  // colour type: grey
    const Image again = formats::read_image(file_);
    EXPECT_EQ(again.width, 16);
    for (std::size_t i = 0; i < 256; ++i) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            EXPECT_EQ(again.rgb[3 * i + channel], image.values[i]);
        }
    }
    image.values.pop_back();
    EXPECT_HAS(error_of([&] { formats::write_png(file_, image); }),
               "16 x 16 with 255 bytes; give 1 a pixel");
}

TEST_F(ImageFile, WritersRefuseBrokenImages) {
    Image image = smooth_image(4, 4);
    image.rgb.pop_back();
    EXPECT_HAS(error_of([&] { formats::write_png(file_, image); }), "4 x 4 with 47 bytes");
    EXPECT_HAS(error_of([&] { formats::write_jpeg(file_, {}); }), "0 x 0 with 0 bytes");
    EXPECT_HAS(error_of([&] { formats::write_jpeg(file_, smooth_image(4, 4), 0); }), "1..100");
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(ImageFile, RealImagesHaveTheirSizes) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto check = [](const std::filesystem::path& file, int width, int height) {
        const auto size = formats::read_image_size(file);
        EXPECT_EQ(size.width, width) << file;
        EXPECT_EQ(size.height, height) << file;
        const Image image = formats::read_image(file);
        EXPECT_EQ(image.width, width) << file;
        EXPECT_EQ(image.rgb.size(), static_cast<std::size_t>(3 * width * height)) << file;
    };
    check(data / "pandaset/002/camera/front_camera/00.jpg", 1920, 1080);
    check(data / "semantickitti/sequences/90/image_2/000000.png", 1242, 375);
    check(data / "rellis3d/frame000104-1581624663_149.png", 1920, 1200);
}

}  // namespace
}  // namespace distillar
