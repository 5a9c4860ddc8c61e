#pragma once
#include <cstdint>
#include <string>

#include "base/yaml.hpp"
#include "datasets/sweeps.hpp"

namespace distillar::training {

/// Weights of xModel-KD's loss [ours, methods.md 3]:
///     seg(fused, y) + seg(student, y)
///       + contrastive (L_con + consistency L_mv)     projected tokens against projected views
///       + logits T^2 KL(fused || student) + features (1 - cos(P f, u))     into the student alone
/// Labels count where there are some; the other terms use every point.
struct CrossModalLossConfig {
    double contrastive = 0.1;
    double consistency = 1;
    double temperature = 0.07;  ///< of L_con
    bool symmetric = false;     ///< L_con both ways, else points -> pixels alone, as published
    std::int64_t pairs = 4096;  ///< at most, a step
    bool every_view = true;     ///< false: one view of a point, drawn at random
    double logits = 1;
    double logit_temperature = 2;
    double features = 1;
};

/// `fuse:` of a config: how tokens meet image features, and what teaches whom.
struct FuseConfig {
    std::string fusion = "gate";  ///< or "attention": models::FusionKind
    int hidden = 256;
    int heads = 4;
    int adapter = 0;  ///< image features: 0: frozen; else trained through an MLP so wide
    int projection = 128;
    int projection_hidden = 256;
    CrossModalLossConfig loss;
    /// [ours] So often a camera of a sample is left out, and all of them: for the day one is dark.
    double camera_dropout = 0.1;
    double image_dropout = 0.1;
    datasets::Sweeps sweeps;  ///< neighbouring sweeps' cameras give views too
};

/// @throws base::Error naming the place of a value out of range or a key that is not known.
void read_fuse(const base::Yaml& yaml, FuseConfig& fuse);

/// As YAML that read_fuse reads back to the same values.
std::string fuse_text(const FuseConfig& fuse);

}  // namespace distillar::training
