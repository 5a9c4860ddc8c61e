#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace distillar::formats {

/// 8-bit RGB, row-major, rows x columns x 3.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;

    std::uint8_t* at(int row, int column) {
        return rgb.data() + 3 * (static_cast<std::ptrdiff_t>(row) * width + column);
    }
    const std::uint8_t* at(int row, int column) const {
        return rgb.data() + 3 * (static_cast<std::ptrdiff_t>(row) * width + column);
    }
};

/// 8-bit grey, row-major, rows x columns: a number per pixel, e.g. its class.
struct GrayImage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> values;
};

struct ImageSize {
    int width = 0;
    int height = 0;
};

/// JPEG or PNG, recognised by content. Grey and alpha become RGB. At most 16,384 pixels a side.
Image read_image(const std::filesystem::path& file);

/// Size from the header alone.
ImageSize read_image_size(const std::filesystem::path& file);

void write_png(const std::filesystem::path& file, const Image& image);
/// read_image gives the values back as red = green = blue.
void write_png(const std::filesystem::path& file, const GrayImage& image);
void write_jpeg(const std::filesystem::path& file, const Image& image, int quality = 90);

/// The bytes that write_png and write_jpeg write, for pictures inside other files.
std::vector<std::byte> png_bytes(const Image& image);
std::vector<std::byte> jpeg_bytes(const Image& image, int quality = 90);

}  // namespace distillar::formats
