#pragma once
/// Private to formats: the two image codecs behind image.hpp.
#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "formats/image.hpp"

namespace distillar::formats {

/// @throws base::Error if a side is 0 or above base::Limits::image_side, or if the image has more
/// than `pixels_per_byte` pixels for each of the file's bytes, which no compressor reaches: its
/// header lies. Called before anything of that size is allocated.
ImageSize checked_size(const std::filesystem::path& file, std::uint64_t width, std::uint64_t height,
                       std::size_t bytes, std::uint64_t pixels_per_byte);

bool is_png(std::span<const std::byte> bytes);
ImageSize png_size(const std::filesystem::path& file, std::span<const std::byte> bytes);
Image decode_png(const std::filesystem::path& file, std::span<const std::byte> bytes);
std::vector<std::byte> encode_png(const std::filesystem::path& file, const Image& image);
std::vector<std::byte> encode_png(const std::filesystem::path& file, const GrayImage& image);

bool is_jpeg(std::span<const std::byte> bytes);
ImageSize jpeg_size(const std::filesystem::path& file, std::span<const std::byte> bytes);
Image decode_jpeg(const std::filesystem::path& file, std::span<const std::byte> bytes);
std::vector<std::byte> encode_jpeg(const std::filesystem::path& file, const Image& image,
                                   int quality);

}  // namespace distillar::formats
