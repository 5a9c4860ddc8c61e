#pragma once
#include <filesystem>
#include <functional>

#include "training/config.hpp"

namespace distillar::training {

struct TeacherTrainConfig;

/// Called once when everything the config names has been found and read, before the first step.
using Started = std::function<void()>;

/// MuDDoS step 1: image-to-lidar distillation. Writes a backbone with its distillation head.
/// @throws base::Error before `started` for anything the config names that is not there.
void pretrain(const PretrainConfig& config, const std::filesystem::path& run,
              const Started& started);

/// MuDDoS step 2: a head on the frozen backbone, in eval mode. Writes a segmentation model.
void probe(const ProbeConfig& config, const std::filesystem::path& run, const Started& started);

/// The whole network on labels: from scratch, or fine-tuned from `weights`.
void train(const TrainConfig& config, const std::filesystem::path& run, const Started& started);

/// MuDDoS step 3 and its relatives: a segmentation model (`weights`) goes to an unlabelled target,
/// by self-training its head on the frozen backbone, or by AdaBN. Labels of `data.target` are never
/// read. @throws base::Error, after `started`, if no target point is ever confident.
void adapt(const AdaptRunConfig& config, const std::filesystem::path& run, const Started& started);

/// xModel-KD: a lidar network and a fusion of it with images are trained together, and the fusion
/// teaches the network. Writes both: model.safetensors, the student, needs no image;
/// fused.safetensors looks at some.
/// @throws base::Error before `started` if no camera sees a point, or no frame keeps its labels.
void fuse(const FuseRunConfig& config, const std::filesystem::path& run, const Started& started);

/// Trains a small vision transformer on simulated images, from scratch. `model.safetensors` of the
/// run holds its weights in fp16 under DINOv2's key names: a teacher for models::open_dinov2.
/// @throws base::Error before `started` for anything the config names that is not there.
void train_teacher(const TeacherTrainConfig& config, const std::filesystem::path& run,
                   const Started& started);

}  // namespace distillar::training
