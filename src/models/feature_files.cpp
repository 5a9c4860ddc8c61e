#include "models/feature_files.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "formats/safetensors.hpp"

namespace distillar::models {

namespace {

namespace fs = std::filesystem;

constexpr int max_image_side = 1 << 16;

fs::path plain(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

/// A feature file's content, checked.
struct FeatureFile {
    std::string teacher;
    std::string licence;
    int width = 0;
    int height = 0;
    formats::Tensor features;
};

std::string text_entry(const formats::SafeTensors& stored, const fs::path& file, const char* key) {
    const auto found = stored.metadata.find(key);
    if (found == stored.metadata.end()) {
        base::fail_in(file, "metadata lack {}: write image_width, image_height and teacher", key);
    }
    return found->second;
}

int size_entry(const formats::SafeTensors& stored, const fs::path& file, const char* key) {
    const auto size =
        base::parse_integer(text_entry(stored, file, key), file.string() + ": metadata " + key);
    if (size < 1 || size > max_image_side) {
        base::fail_in(file, "metadata {} is {}: it must lie in 1..{}", key, size, max_image_side);
    }
    return static_cast<int>(size);
}

FeatureFile read_feature_file(const fs::path& file) {
    const auto stored = formats::read_safetensors(file);
    const auto found = stored.tensors.find("features");
    if (found == stored.tensors.end()) {
        base::fail_in(file, "no tensor `features`: is this a feature file?");
    }
    FeatureFile result;
    result.features = found->second;
    const auto& shape = result.features.shape;
    const bool floats = result.features.dtype == formats::Dtype::f16 ||
                        result.features.dtype == formats::Dtype::f32;
    if (!floats || shape.size() != 3 || result.features.count() == 0) {
        base::fail_in(file,
                      "tensor `features` is {} of shape [{}]: it must be F16 or F32, rows x "
                      "columns x channels",
                      formats::name_of(result.features.dtype), fmt::join(shape, ", "));
    }
    result.teacher = text_entry(stored, file, "teacher");
    result.width = size_entry(stored, file, "image_width");
    result.height = size_entry(stored, file, "image_height");
    const auto licence = stored.metadata.find("weights_licence");
    result.licence = licence == stored.metadata.end() ? "" : licence->second;
    return result;
}

/// The first feature file in order of path.
fs::path first_file(const fs::path& folder) {
    if (!fs::is_directory(folder)) {
        base::fail_in(folder, "no such folder of feature files");
    }
    fs::path first;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const bool candidate =
            entry.is_regular_file() && entry.path().extension() == ".safetensors";
        if (candidate && (first.empty() || entry.path() < first)) {
            first = entry.path();
        }
    }
    if (first.empty()) {
        base::fail_in(folder, "no .safetensors file in it: write one per image");
    }
    return first;
}

class FeatureFiles : public Teacher {
public:
    FeatureFiles(const fs::path& images, const fs::path& features)
        : images_(plain(images)), features_(plain(features)) {
        const FeatureFile first = read_feature_file(first_file(features_));
        name_ = first.teacher;
        licence_ = first.licence;
        channels_ = first.features.shape[2];
    }

    std::string name() const override { return name_; }
    std::int64_t channels() const override { return channels_; }
    std::string licence() const override { return licence_; }

    FeatureGrid features(const fs::path& image) override {
        const fs::path file = file_of(image);
        const FeatureFile read = read_feature_file(file);
        check_alike(read, file);
        check_size(read, file, image);
        FeatureGrid grid;
        auto values = formats::to_floats(read.features, file.string() + ": features");
        if (!std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); })) {
            base::fail_in(file, "a feature is not finite: write the file again");
        }
        grid.values = torch::tensor(values).view(read.features.shape);
        grid.image_width = read.width;
        grid.image_height = read.height;
        return grid;
    }

private:
    fs::path file_of(const fs::path& image) const {
        const fs::path relative = plain(image).lexically_relative(images_);
        if (relative.empty() || *relative.begin() == "..") {
            base::fail_in(image, "the image does not lie below {}, where feature files are for",
                          images_.string());
        }
        fs::path file = features_ / relative;
        file.replace_extension(".safetensors");
        if (!fs::is_regular_file(file)) {
            base::fail_in(image, "no feature file {}: run the teacher on this image too",
                          file.string());
        }
        return file;
    }

    void check_alike(const FeatureFile& read, const fs::path& file) const {
        if (read.teacher != name_ || read.features.shape[2] != channels_) {
            base::fail_in(file,
                          "{} channels by teacher {}, the other files have {} by {}: keep one "
                          "teacher per folder",
                          read.features.shape[2], read.teacher, channels_, name_);
        }
    }

    static void check_size(const FeatureFile& read, const fs::path& file, const fs::path& image) {
        if (!fs::is_regular_file(image)) {
            return;
        }
        const auto size = formats::read_image_size(image);
        if (size.width != read.width || size.height != read.height) {
            base::fail_in(file, "made for an image of {} x {} pixels, but {} has {} x {}",
                          read.width, read.height, image.string(), size.width, size.height);
        }
    }

    fs::path images_;
    fs::path features_;
    std::string name_;
    std::string licence_;
    std::int64_t channels_ = 0;
};

}  // namespace

std::unique_ptr<Teacher> open_feature_files(const fs::path& images, const fs::path& features) {
    return std::make_unique<FeatureFiles>(images, features);
}

}  // namespace distillar::models
