#include "formats/feature_file.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/safetensors.hpp"

namespace distillar::formats {

namespace {

namespace fs = std::filesystem;

std::string text_entry(const SafeTensors& stored, const fs::path& file, const char* key) {
    const auto found = stored.metadata.find(key);
    if (found == stored.metadata.end()) {
        base::fail_in(file, "metadata lack {}: write image_width, image_height and teacher", key);
    }
    return found->second;
}

int size_entry(const SafeTensors& stored, const fs::path& file, const char* key) {
    const auto most = static_cast<std::int64_t>(base::limits().image_side);
    const auto size =
        base::parse_integer(text_entry(stored, file, key), file.string() + ": metadata " + key);
    if (size < 1 || size > most) {
        base::fail_in(file, "metadata {} is {}: it must lie in 1..{}", key, size, most);
    }
    return static_cast<int>(size);
}

const Tensor& features_of(const SafeTensors& stored, const fs::path& file) {
    const auto found = stored.tensors.find("features");
    if (found == stored.tensors.end()) {
        base::fail_in(file, "no tensor `features`: is this a feature file?");
    }
    const Tensor& features = found->second;
    const bool floats = features.dtype == Dtype::f16 || features.dtype == Dtype::f32;
    if (!floats || features.shape.size() != 3 || features.count() == 0) {
        base::fail_in(file,
                      "tensor `features` is {} of shape [{}]: it must be F16 or F32, rows x "
                      "columns x channels",
                      name_of(features.dtype), fmt::join(features.shape, ", "));
    }
    return features;
}

}  // namespace

FeatureFile read_feature_file(const fs::path& file) {
    const SafeTensors stored = read_safetensors(file);
    const Tensor& features = features_of(stored, file);
    FeatureFile result;
    result.teacher = text_entry(stored, file, "teacher");
    result.image_width = size_entry(stored, file, "image_width");
    result.image_height = size_entry(stored, file, "image_height");
    const auto licence = stored.metadata.find("weights_licence");
    result.licence = licence == stored.metadata.end() ? "" : licence->second;
    result.shape = features.shape;
    result.values = to_floats(features, file.string() + ": features");
    if (!std::ranges::all_of(result.values, [](float x) { return std::isfinite(x); })) {
        base::fail_in(file, "a feature is not finite: write the file again");
    }
    return result;
}

}  // namespace distillar::formats
