#include "training/teacher_train/objective.hpp"

#include "models/dinov2_start.hpp"

namespace distillar::training {

TeacherObjective::TeacherObjective(const models::DinoV2Config& config)
    : network_(register_module("teacher", models::start_dinov2(config))) {}

}  // namespace distillar::training
