#pragma once
#include "training/stages.hpp"
#include "training/teacher_train/config.hpp"

namespace distillar::training {

/// Trains a small vision transformer on simulated images, from scratch. `model.safetensors` of the
/// run holds its weights in fp16 under DINOv2's key names: a teacher for models::open_dinov2.
/// @throws base::Error before `started` for anything the config names that is not there.
void train_teacher(const TeacherTrainConfig& config, const std::filesystem::path& run,
                   const Started& started);

}  // namespace distillar::training
