#include <png.h>

#include <csetjmp>
#include <cstring>

#include "base/error.hpp"
#include "formats/image_codecs.hpp"

namespace distillar::formats {

namespace {

constexpr std::uint64_t most_pixels_per_byte = 8800;  // deflate at its best on 1-bit pixels

/// What libpng reads from, and its last words. It reports an error by longjmp, so the functions
/// below that call it with setjmp hold no object with a destructor.
struct Source {
    std::span<const std::byte> bytes;
    char message[128] = "unknown error";
};

void on_error(png_structp png, png_const_charp message) {
    auto* source = static_cast<Source*>(png_get_error_ptr(png));
    std::strncpy(source->message, message, sizeof(source->message) - 1);
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep target, std::size_t count) {
    auto* source = static_cast<Source*>(png_get_io_ptr(png));
    if (count > source->bytes.size()) {
        png_error(png, "the file ends too early");
    }
    std::memcpy(target, source->bytes.data(), count);
    source->bytes = source->bytes.subspan(count);
}

/// libpng's state for one image.
class Reader {
public:
    explicit Reader(Source& source)
        : png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, on_error, on_warning)),
          info_(png_ != nullptr ? png_create_info_struct(png_) : nullptr) {
        if (info_ != nullptr) {
            png_set_read_fn(png_, &source, on_read);
        }
    }
    ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    bool ready() const { return info_ != nullptr; }

    /// Reads up to the pixels and asks for 8-bit RGB, rows of `row_bytes`.
    bool read_header(std::size_t row_bytes) {
        if (setjmp(png_jmpbuf(png_)) != 0) {
            return false;
        }
        png_read_info(png_, info_);
        png_set_expand(png_);
        png_set_scale_16(png_);
        png_set_gray_to_rgb(png_);
        png_set_strip_alpha(png_);
        png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        if (png_get_rowbytes(png_, info_) != row_bytes) {
            png_error(png_, "its pixels do not become 8-bit RGB");
        }
        return true;
    }

    bool read_rows(png_bytepp rows) {
        if (setjmp(png_jmpbuf(png_)) != 0) {
            return false;
        }
        png_read_image(png_, rows);
        png_read_end(png_, nullptr);
        return true;
    }

private:
    png_structp png_;
    png_infop info_;
};

std::uint64_t load_big_endian(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes.first(4)) {
        value = value << 8 | std::to_integer<std::uint64_t>(byte);
    }
    return value;
}

std::vector<std::byte> encode(const std::filesystem::path& file, png_uint_32 format, ImageSize size,
                              std::span<const std::uint8_t> pixels) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(size.width);
    header.height = static_cast<png_uint_32>(size.height);
    header.format = format;
    png_alloc_size_t bytes_used = PNG_IMAGE_PNG_SIZE_MAX(header);
    std::vector<std::byte> bytes(bytes_used);
    if (png_image_write_to_memory(&header, bytes.data(), &bytes_used, 0, pixels.data(), 0,
                                  nullptr) == 0) {
        base::fail_in(file, "cannot be written as PNG: {}; check the image", header.message);
    }
    bytes.resize(bytes_used);
    return bytes;
}

}  // namespace

bool is_png(std::span<const std::byte> bytes) {
    return bytes.size() >= 8 &&
           png_sig_cmp(reinterpret_cast<png_const_bytep>(bytes.data()), 0, 8) == 0;
}

ImageSize png_size(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    constexpr std::size_t header = 33;  // signature, then the IHDR chunk
    if (bytes.size() < header || std::memcmp(bytes.data() + 12, "IHDR", 4) != 0) {
        base::fail_in(file, "its PNG header is cut off or damaged; copy or download it again");
    }
    return checked_size(file, load_big_endian(bytes.subspan(16)),
                        load_big_endian(bytes.subspan(20)), bytes.size(), most_pixels_per_byte);
}

Image decode_png(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    const ImageSize size = png_size(file, bytes);
    Source source{bytes};
    Reader reader(source);
    const std::size_t row_bytes = 3 * static_cast<std::size_t>(size.width);
    if (!reader.ready() || !reader.read_header(row_bytes)) {
        base::fail_in(file, "its PNG header cannot be read: {}; copy or download it again",
                      source.message);
    }
    Image image{size.width, size.height, {}};
    image.rgb.resize(row_bytes * static_cast<std::size_t>(size.height));
    std::vector<png_bytep> rows(static_cast<std::size_t>(size.height));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        rows[row] = image.rgb.data() + row * row_bytes;
    }
    if (!reader.read_rows(rows.data())) {
        base::fail_in(file, "its PNG data cannot be decoded: {}; copy or download it again",
                      source.message);
    }
    return image;
}

std::vector<std::byte> encode_png(const std::filesystem::path& file, const Image& image) {
    return encode(file, PNG_FORMAT_RGB, {image.width, image.height}, image.rgb);
}

std::vector<std::byte> encode_png(const std::filesystem::path& file, const GrayImage& image) {
    return encode(file, PNG_FORMAT_GRAY, {image.width, image.height}, image.values);
}

}  // namespace distillar::formats
