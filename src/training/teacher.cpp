#include "training/teacher.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/random.hpp"
#include "models/dinov2.hpp"
#include "models/espnetv2.hpp"
#include "models/feature_files.hpp"
#include "models/torchscript_teacher.hpp"
#include "training/streams.hpp"

namespace distillar::training {

namespace fs = std::filesystem;

namespace {

std::unique_ptr<models::Teacher> open_module(const TeacherConfig& config, torch::Device device) {
    if (!config.trusted) {
        base::fail_in(config.weights,
                      "a TorchScript module is a program that runs with your rights; add --trust "
                      "to the command if you know where it comes from");
    }
    return models::open_torchscript(
        config.weights, {config.height, config.width, config.imagenet, config.geometry}, device);
}

std::unique_ptr<models::Teacher> open_network(const TeacherConfig& config, torch::Device device) {
    if (config.weights.empty()) {
        base::fail("teacher.weights is missing: name the file of the {} teacher's weights",
                   base::name_of(config.kind));
    }
    if (config.kind == TeacherConfig::Kind::espnetv2) {
        return models::open_espnetv2(config.weights, device);
    }
    if (config.kind == TeacherConfig::Kind::torchscript) {
        return open_module(config, device);
    }
    return models::open_dinov2(config.weights, config.height, config.width, config.pre_norm,
                               config.heads, device, config.precision);
}

}  // namespace

std::unique_ptr<models::Teacher> open_teacher(const TeacherConfig& config, torch::Device device) {
    if (config.kind == TeacherConfig::Kind::features) {
        if (config.images.empty() || config.features.empty()) {
            base::fail(
                "teacher of the kind `features`: teacher.images and teacher.features name the "
                "folders of images and of their features; add them, or choose another "
                "teacher.kind");
        }
        return models::open_feature_files(config.images, config.features);
    }
    return open_cached_teacher(config, device);
}

std::unique_ptr<models::FeatureCache> open_cached_teacher(const TeacherConfig& config,
                                                          torch::Device device) {
    if (config.kind == TeacherConfig::Kind::features) {
        base::fail("teacher.kind is features: such files are read as they are, not computed here");
    }
    if (config.features.empty()) {
        base::fail("teacher.features is missing: name a folder to keep the teacher's features in");
    }
    return std::make_unique<models::FeatureCache>(open_network(config, device), config.features,
                                                  config.pca);
}

std::vector<fs::path> draw_images(const datasets::Mixture& mixture, std::size_t count) {
    auto order =
        base::Random(0, 0, 0, pca_stream).permutation(static_cast<std::uint32_t>(mixture.size()));
    order.resize(std::min(order.size(), count));
    std::vector<std::vector<fs::path>> frames;
    std::size_t most = 0;
    for (const auto index : order) {
        const auto& views = mixture.read(index)->views;
        auto& images = frames.emplace_back();
        for (const auto view : base::Random(0, 1, index, pca_stream)
                                   .permutation(static_cast<std::uint32_t>(views.size()))) {
            images.push_back(views[view].image);
        }
        most = std::max(most, images.size());
    }
    std::vector<fs::path> drawn;
    std::set<fs::path> known;
    for (std::size_t round = 0; round < most; ++round) {
        for (const auto& images : frames) {
            if (drawn.size() < count && round < images.size() &&
                known.insert(images[round]).second) {
                drawn.push_back(images[round]);
            }
        }
    }
    return drawn;
}

}  // namespace distillar::training
