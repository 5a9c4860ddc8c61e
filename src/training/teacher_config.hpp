#pragma once
#include <filesystem>
#include <string>

#include "base/yaml.hpp"

namespace distillar::training {

/// `teacher:` of a config: the image network that is distilled (docs/teachers.md).
struct TeacherConfig {
    /// "features": files of any network; "dinov2", "espnetv2", "torchscript": run here, each image
    /// once.
    std::string kind = "features";
    std::filesystem::path images;    ///< features: root of the images
    std::filesystem::path features;  ///< features: root of the feature files; else: the cache
    std::filesystem::path weights;   ///< of the kinds that run here
    int height = 224;                ///< dinov2, torchscript: input size, pixels
    int width = 448;
    bool pre_norm = true;              ///< dinov2
    std::string precision = "fp32";    ///< dinov2 on the CPU: or "bf16" [ours]
    int heads = 0;                     ///< dinov2: 0: 64 channels a head, as published sizes have
    bool imagenet = true;              ///< torchscript: normalised as ImageNet; else in [0, 1]
    std::string geometry = "centres";  ///< torchscript: where cells lie, or "corners"

    int pca = 0;          ///< [ours] features are reduced to so many components; 0: as they are
    int pca_images = 64;  ///< [ours] images that the PCA is fitted on

    /// No key: a TorchScript module is a program, and only the user at the command line may say
    /// that it is trusted (--trust).
    bool trusted = false;
};

/// @throws base::Error naming the place of a value out of range or a key that is not known.
void read_teacher(const base::Yaml& yaml, TeacherConfig& teacher);

/// The section `teacher` of a config of any stage; other keys are not looked at.
TeacherConfig load_teacher(const std::filesystem::path& file);

/// As YAML that read_teacher reads back to the same values, on one line.
std::string teacher_text(const TeacherConfig& teacher);

}  // namespace distillar::training
