#include "formats/image.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/image_codecs.hpp"

namespace distillar::formats {

namespace {

[[noreturn]] void fail_unknown(const std::filesystem::path& file,
                               std::span<const std::byte> bytes) {
    if (bytes.empty()) {
        base::fail_in(file, "is empty (0 bytes), expected an image; copy or download it again");
    }
    base::fail_in(file, "is neither JPEG nor PNG (by its first bytes); convert it to one of them");
}

void check_writable(const std::filesystem::path& file, ImageSize size, std::size_t bytes,
                    std::size_t bytes_per_pixel) {
    const auto most = static_cast<std::int64_t>(base::limits().image_side);
    if (size.width < 1 || size.height < 1 || size.width > most || size.height > most ||
        bytes != bytes_per_pixel * static_cast<std::size_t>(size.width) *
                     static_cast<std::size_t>(size.height)) {
        base::fail_in(file, "cannot be written: an image of {} x {} with {} bytes; give {} a pixel",
                      size.width, size.height, bytes, bytes_per_pixel);
    }
}

void check_writable(const std::filesystem::path& file, const Image& image) {
    check_writable(file, {image.width, image.height}, image.rgb.size(), 3);
}

}  // namespace

ImageSize checked_size(const std::filesystem::path& file, std::uint64_t width, std::uint64_t height,
                       std::size_t bytes, std::uint64_t pixels_per_byte) {
    if (width < 1 || height < 1) {
        base::fail_in(file, "an image of {} x {} pixels; it is damaged", width, height);
    }
    base::require_within(std::max(width, height), &base::Limits::image_side, file,
                         fmt::format("an image of {} x {} pixels: a side of", width, height));
    if (width * height / pixels_per_byte > bytes) {
        base::fail_in(file,
                      "its header claims {} x {} pixels, impossible in {} bytes; the file is "
                      "damaged or cut off",
                      width, height, bytes);
    }
    return {static_cast<int>(width), static_cast<int>(height)};
}

Image read_image(const std::filesystem::path& file) {
    const auto bytes = base::read_file(file);
    if (is_png(bytes)) {
        return decode_png(file, bytes);
    }
    if (is_jpeg(bytes)) {
        return decode_jpeg(file, bytes);
    }
    fail_unknown(file, bytes);
}

ImageSize read_image_size(const std::filesystem::path& file) {
    const base::MappedFile mapped(file);
    if (is_png(mapped.bytes())) {
        return png_size(file, mapped.bytes());
    }
    if (is_jpeg(mapped.bytes())) {
        return jpeg_size(file, mapped.bytes());
    }
    fail_unknown(file, mapped.bytes());
}

std::vector<std::byte> png_bytes(const Image& image) {
    check_writable("PNG", image);
    return encode_png("PNG", image);
}

std::vector<std::byte> jpeg_bytes(const Image& image, int quality) {
    check_writable("JPEG", image);
    return encode_jpeg("JPEG", image, quality);
}

void write_png(const std::filesystem::path& file, const Image& image) {
    check_writable(file, image);
    base::write_file(file, encode_png(file, image));
}

void write_png(const std::filesystem::path& file, const GrayImage& image) {
    check_writable(file, {image.width, image.height}, image.values.size(), 1);
    base::write_file(file, encode_png(file, image));
}

void write_jpeg(const std::filesystem::path& file, const Image& image, int quality) {
    check_writable(file, image);
    base::write_file(file, encode_jpeg(file, image, quality));
}

}  // namespace distillar::formats
