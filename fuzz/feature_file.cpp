/// An image's features by an external vision model.
#include "formats/feature_file.hpp"

#include <cmath>

#include "fuzz/files.hpp"

using namespace distillar;

namespace {

void check(const formats::FeatureFile& read) {
    std::size_t count = 1;
    for (const std::int64_t size : read.shape) {
        fuzz::require(size > 0, "a feature file has an empty side");
        count *= static_cast<std::size_t>(size);
    }
    fuzz::require(read.shape.size() == 3 && count == read.values.size(),
                  "features are not rows x columns x channels");
    fuzz::require(read.image_width > 0 && read.image_height > 0, "an image without pixels");
    for (const float value : read.values) {
        fuzz::require(std::isfinite(value), "a feature is not finite");
    }
}

}  // namespace

FUZZ_TARGET(feature_file) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { check(formats::read_feature_file(path)); });
}
