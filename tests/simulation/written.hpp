#pragma once
/// Made frames, written and opened again as any data set is.
#include <memory>

#include "datasets/dataset.hpp"
#include "simulation/made_frames.hpp"
#include "simulation/simulate.hpp"
#include "support/data.hpp"

namespace distillar::test {

/// Options of a small simulation: city a, seed 3, three frames.
simulation::SimulateOptions small_options(const std::filesystem::path& out,
                                          const std::string& layout);

/// write_simulation with made frames. @param simulated  numbers of the frames asked for.
simulation::SimulateReport write_made(const simulation::SimulateOptions& options,
                                      const simulation::Rig& rig,
                                      std::vector<int>* simulated = nullptr);

std::unique_ptr<datasets::Dataset> open_folder(const std::filesystem::path& folder,
                                               const std::string& sensor = "");

/// The frame holds the scan: points, intensities and labels to float precision.
void expect_same_points(const datasets::Frame& frame, const simulation::LidarScan& scan,
                        const std::vector<std::uint32_t>& labels);

/// The view's image, intrinsics and T_camera_lidar are the shot's.
void expect_same_view(const datasets::Frame& frame, const simulation::SimulatedFrame& made,
                      const simulation::Rig& rig, std::size_t camera, bool same_pixels);

/// extras: classes, instances and points of the frame, by the stems of its files.
void expect_extras(const std::filesystem::path& extras, const simulation::SimulatedFrame& made,
                   const simulation::Rig& rig, const datasets::Frame& frame, std::size_t lidar);

/// Every file under a folder with its bytes.
std::map<std::string, std::string> files_under(const std::filesystem::path& folder);

}  // namespace distillar::test
