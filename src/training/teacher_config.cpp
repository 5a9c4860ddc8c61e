#include "training/teacher_config.hpp"

#include "training/config_keys.hpp"
#include "training/config_text.hpp"

namespace distillar::training {

void read_teacher(const base::Yaml& yaml, TeacherConfig& teacher) {
    yaml.allow_keys({"kind", "images", "features", "weights", "height", "width", "pre_norm",
                     "precision", "heads", "imagenet", "geometry", "pca", "pca_images"});
    choose(yaml, "kind", teacher.kind, {"features", "dinov2", "espnetv2", "torchscript"});
    read(yaml, "images", teacher.images);
    read(yaml, "features", teacher.features);
    read(yaml, "weights", teacher.weights);
    read(yaml, "height", teacher.height);
    read(yaml, "width", teacher.width);
    read(yaml, "pre_norm", teacher.pre_norm);
    choose(yaml, "precision", teacher.precision, {"fp32", "bf16"});
    read(yaml, "heads", teacher.heads);
    read(yaml, "imagenet", teacher.imagenet);
    choose(yaml, "geometry", teacher.geometry, {"centres", "corners"});
    read(yaml, "pca", teacher.pca);
    read(yaml, "pca_images", teacher.pca_images);
    constexpr int largest_side = 1 << 14;
    require(yaml, "height", teacher.height >= 1 && teacher.height <= largest_side,
            "1 to 16384 (pixels)");
    require(yaml, "width", teacher.width >= 1 && teacher.width <= largest_side,
            "1 to 16384 (pixels)");
    require(yaml, "precision", teacher.precision == "fp32" || teacher.kind == "dinov2",
            "fp32 for this kind of teacher");
    require(yaml, "heads", teacher.heads >= 0, "0 (64 channels a head) or above");
    require(yaml, "pca", teacher.pca >= 0, "0 (features as they are) or above");
    require(yaml, "pca", teacher.pca == 0 || teacher.kind != "features",
            "0 for feature files: they are read as they are");
    require(yaml, "pca_images", teacher.pca_images >= 1, "1 or above");
}

TeacherConfig load_teacher(const std::filesystem::path& file) {
    const base::Yaml yaml = base::Yaml::load(file);
    TeacherConfig teacher;
    read_teacher(yaml["teacher"], teacher);
    return teacher;
}

/// Keys that came later are written where they differ from their defaults alone: runs from before
/// they were known still resume.
std::string teacher_text(const TeacherConfig& teacher) {
    const TeacherConfig defaults;
    std::string text = fmt::format(
        "{{kind: {}, images: {}, features: {}, weights: {}, height: {}, width: {}, pre_norm: {}",
        teacher.kind, quoted(teacher.images.string()), quoted(teacher.features.string()),
        quoted(teacher.weights.string()), teacher.height, teacher.width, teacher.pre_norm);
    const auto add = [&](const char* key, const auto& value, const auto& usual) {
        if (value != usual) {
            text += fmt::format(", {}: {}", key, value);
        }
    };
    add("precision", teacher.precision, defaults.precision);
    add("heads", teacher.heads, defaults.heads);
    add("imagenet", teacher.imagenet, defaults.imagenet);
    add("geometry", teacher.geometry, defaults.geometry);
    add("pca", teacher.pca, defaults.pca);
    add("pca_images", teacher.pca_images, defaults.pca_images);
    return text + "}";
}

}  // namespace distillar::training
