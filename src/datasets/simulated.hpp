#pragma once
#include <filesystem>

namespace distillar::datasets {

/// Was it made by `distillar simulate`? Its extras/simulation.yaml lies in the data set's folder,
/// in a sequence's, or, of one lidar of a rig, in the folder above.
bool is_simulated(const std::filesystem::path& data_set);

}  // namespace distillar::datasets
