/// What stands around libpng and libjpeg-turbo.
#include "formats/image.hpp"

#include <optional>

#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(image) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    std::optional<formats::ImageSize> size;
    fuzz::survive([&] { size = formats::read_image_size(path); });
    fuzz::survive([&] {
        constexpr int most_pixels = 1 << 22;  // larger ones only take time
        if (size && size->width * static_cast<std::int64_t>(size->height) > most_pixels) {
            return;
        }
        const auto image = formats::read_image(path);
        fuzz::require(size && image.width == size->width && image.height == size->height,
                      "the header alone says another size");
        fuzz::require(image.rgb.size() == 3u * static_cast<std::size_t>(image.width) *
                                              static_cast<std::size_t>(image.height),
                      "pixels are missing");
    });
}
