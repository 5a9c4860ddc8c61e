#include "models/cached_teacher.hpp"

#include <map>

#include "base/text.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace fs = std::filesystem;

namespace {

using Metadata = std::map<std::string, std::string>;

Metadata metadata_of(const FeatureGrid& grid, const std::string& teacher,
                     const std::string& licence) {
    return {{"teacher", teacher},
            {"weights_licence", licence},
            {"geometry", grid.geometry == CellGeometry::corners ? "corners" : "centres"},
            {"image_width", std::to_string(grid.image_width)},
            {"image_height", std::to_string(grid.image_height)},
            {"input_width", std::to_string(grid.input_width)},
            {"input_height", std::to_string(grid.input_height)}};
}

FeatureGrid grid_from(const formats::SafeTensors& stored, const fs::path& file) {
    const auto number = [&](const char* key) {
        return static_cast<int>(
            base::parse_integer(stored.metadata.at(key), file.string() + ": metadata " + key));
    };
    FeatureGrid grid;
    grid.values = to_torch(stored.tensors.at("features")).to(torch::kFloat32);
    grid.geometry =
        stored.metadata.at("geometry") == "corners" ? CellGeometry::corners : CellGeometry::centres;
    grid.image_width = number("image_width");
    grid.image_height = number("image_height");
    grid.input_width = number("input_width");
    grid.input_height = number("input_height");
    return grid;
}

class CachedTeacher : public Teacher {
public:
    CachedTeacher(std::unique_ptr<Teacher> teacher, fs::path folder)
        : teacher_(std::move(teacher)), folder_(std::move(folder)) {}

    std::string name() const override { return teacher_->name(); }
    std::int64_t channels() const override { return teacher_->channels(); }
    std::string licence() const override { return teacher_->licence(); }

    FeatureGrid features(const fs::path& image) override {
        const fs::path file = file_of(image);
        if (fs::exists(file)) {
            const auto stored = formats::read_safetensors(file);
            if (is_for(stored, image)) {
                return grid_from(stored, file);
            }
        }
        const FeatureGrid grid = teacher_->features(image);
        const formats::Tensor half = from_torch(grid.values.to(torch::kHalf).contiguous());
        formats::write_safetensors(file, {{"features", half}},
                                   metadata_of(grid, name(), licence()));
        return grid_from(formats::read_safetensors(file), file);
    }

private:
    /// folder/absolute/path/of/image.jpg.safetensors
    fs::path file_of(const fs::path& image) const {
        fs::path file = folder_ / fs::absolute(image).lexically_normal().relative_path();
        file += ".safetensors";
        return file;
    }

    bool is_for(const formats::SafeTensors& stored, const fs::path& image) const {
        const auto size = formats::read_image_size(image);
        const auto equals = [&](const char* key, const std::string& value) {
            const auto found = stored.metadata.find(key);
            return found != stored.metadata.end() && found->second == value;
        };
        return equals("teacher", name()) && equals("image_width", std::to_string(size.width)) &&
               equals("image_height", std::to_string(size.height)) &&
               stored.tensors.contains("features");
    }

    std::unique_ptr<Teacher> teacher_;
    fs::path folder_;
};

}  // namespace

std::unique_ptr<Teacher> with_cache(std::unique_ptr<Teacher> teacher, const fs::path& folder) {
    return std::make_unique<CachedTeacher>(std::move(teacher), folder);
}

}  // namespace distillar::models
