#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "datasets/mixture.hpp"
#include "models/feature_cache.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// The image network of a config: feature files, or one that runs on `device` behind the feature
/// cache. @throws base::Error naming the key or file that is missing or does not fit.
std::unique_ptr<models::Teacher> open_teacher(const TeacherConfig& config, torch::Device device);

/// The same for every kind but feature files, which need no cache.
std::unique_ptr<models::FeatureCache> open_cached_teacher(const TeacherConfig& config,
                                                          torch::Device device);

/// Up to `count` images that stand for a mixture: one camera of each frame, frames in an order
/// drawn from seed 0 whatever the run's, then a second camera of each, and so on.
std::vector<std::filesystem::path> draw_images(const datasets::Mixture& mixture, std::size_t count);

}  // namespace distillar::training
