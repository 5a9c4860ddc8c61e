#pragma once
/// The coarse classes in which ESPNetv2's pixel classes are compared with the truth.
#include <array>
#include <cstdint>

#include "evaluation/legend.hpp"

namespace distillar::research {

inline constexpr std::size_t group_count = 7;
inline constexpr std::uint8_t no_group = 255;
inline constexpr std::size_t cityscapes_count = 20;

/// road, sidewalk, building, vegetation, vehicle, person, sky; 7 ("other") for pictures alone.
const evaluation::ClassStyle& group_style();
/// Names of Cityscapes' train ids, 19: background.
const std::array<const char*, cityscapes_count>& cityscapes_names();

/// Group of a Cityscapes train id; no_group for pole, traffic light and sign, background.
std::uint8_t group_of_cityscapes(std::uint8_t train_id);
/// Group of a SemanticKITTI raw id modulo 256 (252: moving car ..), 1: sky; no_group: not judged.
std::uint8_t group_of_kitti(std::uint8_t id);
/// Group of a PandaSet raw id; no_group: not judged.
std::uint8_t group_of_pandaset(std::uint32_t id);

}  // namespace distillar::research
