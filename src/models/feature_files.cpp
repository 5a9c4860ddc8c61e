#include "models/feature_files.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "formats/feature_file.hpp"

namespace distillar::models {

namespace {

namespace fs = std::filesystem;

fs::path plain(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
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
        const auto first = formats::read_feature_file(first_file(features_));
        name_ = first.teacher;
        licence_ = first.licence;
        channels_ = first.shape[2];
    }

    std::string name() const override { return name_; }
    std::int64_t channels() const override { return channels_; }
    std::string licence() const override { return licence_; }

    FeatureGrid features(const fs::path& image) override {
        const fs::path file = file_of(image);
        const auto read = formats::read_feature_file(file);
        check_alike(read, file);
        check_size(read, file, image);
        FeatureGrid grid;
        grid.values = torch::tensor(read.values).view(read.shape);
        grid.image_width = read.image_width;
        grid.image_height = read.image_height;
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

    void check_alike(const formats::FeatureFile& read, const fs::path& file) const {
        if (read.teacher != name_ || read.shape[2] != channels_) {
            base::fail_in(file,
                          "{} channels by teacher {}, the other files have {} by {}: keep one "
                          "teacher per folder",
                          read.shape[2], read.teacher, channels_, name_);
        }
    }

    static void check_size(const formats::FeatureFile& read, const fs::path& file,
                           const fs::path& image) {
        if (!fs::is_regular_file(image)) {
            return;
        }
        const auto size = formats::read_image_size(image);
        if (size.width != read.image_width || size.height != read.image_height) {
            base::fail_in(file, "made for an image of {} x {} pixels, but {} has {} x {}",
                          read.image_width, read.image_height, image.string(), size.width,
                          size.height);
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
