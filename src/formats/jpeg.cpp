#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "formats/image_codecs.hpp"

namespace distillar::formats {

namespace {

constexpr std::uint64_t most_pixels_per_byte = 4096;

struct CloseCodec {
    void operator()(void* codec) const { tjDestroy(codec); }
};
using Codec = std::unique_ptr<void, CloseCodec>;

const unsigned char* data_of(std::span<const std::byte> bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Codec checked(tjhandle handle, const std::filesystem::path& file) {
    if (handle == nullptr) {
        base::fail_in(file, "the JPEG codec cannot start: {}; free some memory", tjGetErrorStr());
    }
    return Codec(handle);
}

ImageSize read_header(const Codec& codec, const std::filesystem::path& file,
                      std::span<const std::byte> bytes) {
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colors = 0;
    if (tjDecompressHeader3(codec.get(), data_of(bytes), bytes.size(), &width, &height, &sampling,
                            &colors) != 0 ||
        width < 0 || height < 0) {
        base::fail_in(file, "its JPEG header cannot be read: {}; copy or download it again",
                      tjGetErrorStr2(codec.get()));
    }
    return checked_size(file, static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height),
                        bytes.size(), most_pixels_per_byte);
}

/// True if the data end with the end-of-image marker, zero padding aside.
bool ends_well(std::span<const std::byte> bytes) {
    while (!bytes.empty() && bytes.back() == std::byte{0}) {
        bytes = bytes.first(bytes.size() - 1);
    }
    return bytes.size() >= 2 && bytes[bytes.size() - 2] == std::byte{0xFF} &&
           bytes.back() == std::byte{0xD9};
}

/// Some cameras leave stray bytes between the segments of a sound image; every other warning of the
/// decoder means that pixels were invented.
bool is_harmless(const Codec& codec, std::span<const std::byte> bytes) {
    return tjGetErrorCode(codec.get()) == TJERR_WARNING && ends_well(bytes) &&
           std::string_view(tjGetErrorStr2(codec.get())).find("extraneous bytes") !=
               std::string_view::npos;
}

}  // namespace

bool is_jpeg(std::span<const std::byte> bytes) {
    return bytes.size() >= 3 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8} &&
           bytes[2] == std::byte{0xFF};
}

ImageSize jpeg_size(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    return read_header(checked(tjInitDecompress(), file), file, bytes);
}

Image decode_jpeg(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    const Codec codec = checked(tjInitDecompress(), file);
    const ImageSize size = read_header(codec, file, bytes);
    Image image{size.width, size.height, {}};
    image.rgb.resize(3 * static_cast<std::size_t>(size.width) *
                     static_cast<std::size_t>(size.height));
    if (tjDecompress2(codec.get(), data_of(bytes), bytes.size(), image.rgb.data(), size.width, 0,
                      size.height, TJPF_RGB, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) != 0 &&
        !is_harmless(codec, bytes)) {
        base::fail_in(file, "its JPEG data cannot be decoded: {}; copy or download it again",
                      tjGetErrorStr2(codec.get()));
    }
    return image;
}

std::vector<std::byte> encode_jpeg(const std::filesystem::path& file, const Image& image,
                                   int quality) {
    if (quality < 1 || quality > 100) {
        base::fail_in(file, "JPEG quality {} is not in 1..100; 90 is usual", quality);
    }
    const Codec codec = checked(tjInitCompress(), file);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    const int status = tjCompress2(codec.get(), image.rgb.data(), image.width, 0, image.height,
                                   TJPF_RGB, &data, &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(data, tjFree);
    if (status != 0) {
        base::fail_in(file, "cannot be written as JPEG: {}; write PNG instead",
                      tjGetErrorStr2(codec.get()));
    }
    const auto encoded = std::as_bytes(std::span(data, size));
    return {encoded.begin(), encoded.end()};
}

}  // namespace distillar::formats
