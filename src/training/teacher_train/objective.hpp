#pragma once
#include <memory>

#include "models/dinov2.hpp"
#include "training/teacher_train/config.hpp"
#include "training/teacher_train/images.hpp"

namespace distillar::training {

/// What an image network learns by. Holds the network as `teacher`, and what is thrown away after
/// training beside it.
class TeacherObjective : public torch::nn::Module {
public:
    explicit TeacherObjective(const models::DinoV2Config& config);
    virtual torch::Tensor loss(const TeacherBatch& batch) = 0;
    models::DinoV2& network() { return *network_; }

private:
    std::shared_ptr<models::DinoV2> network_;
};

/// Cross-entropy of the classes of every patch's cells x cells parts, from one linear layer on the
/// patch's token after the final norm: the token has to say what lies where in its patch.
/// @param frequencies  of the classes; a class weighs frequency^-weight_power, so scaled that the
///                     mean over all parts is 1.
std::shared_ptr<TeacherObjective> learn_pixel_classes(const TeacherTrainConfig& config,
                                                      const std::vector<double>& frequencies);

/// Masked autoencoder (He et al., 2022): the network sees the patches that are not hidden; a small
/// decoder gives the pixels of the hidden ones, each patch minus its mean over its deviation; mean
/// squared error.
std::shared_ptr<TeacherObjective> learn_masked_patches(const TeacherTrainConfig& config);

}  // namespace distillar::training
