#pragma once
/// Private to datasets: how each data set is recognised and opened.
#include <memory>

#include "datasets/dataset.hpp"

namespace distillar::datasets {

using DatasetPointer = std::unique_ptr<Dataset>;

bool is_semantickitti_tree(const std::filesystem::path& path);
/// What tells SemanticKITTI from SynLiDAR and SemanticPOSS: the KITTI cameras' calib.txt.
bool is_certainly_semantickitti(const std::filesystem::path& path);
/// SemanticPOSS has a folder `tag` in every sequence.
bool is_certainly_semanticposs(const std::filesystem::path& path);
DatasetPointer open_semantickitti(const Selection& selection);

bool is_nuscenes(const std::filesystem::path& path);
DatasetPointer open_nuscenes(const Selection& selection);

bool is_pandaset(const std::filesystem::path& path);
DatasetPointer open_pandaset(const Selection& selection);

bool is_kitti_object(const std::filesystem::path& path);
DatasetPointer open_kitti_object(const Selection& selection);

bool is_log(const std::filesystem::path& path);
DatasetPointer open_log(const Selection& selection);

bool is_folder(const std::filesystem::path& path);
DatasetPointer open_folder(const Selection& selection);

/// Raw names from the first taxonomy of this format that has them.
std::map<std::uint32_t, std::string> raw_names_of(const std::string& format);

}  // namespace distillar::datasets
