#pragma once
#include <string>
#include <vector>

#include "datasets/frame.hpp"
#include "datasets/taxonomy.hpp"

namespace distillar::evaluation {

/// What the points of some scans look like as numbers: to compare lidars, places, or a simulator
/// with the real thing. Values are pooled over the scans.
struct ScanStatistics {
    std::size_t scans = 0;
    std::size_t points = 0;    ///< in all scans
    std::size_t empty = 0;     ///< rows of the files without an echo: nearer than the least range
    std::vector<float> range;  ///< metres from the lidar
    std::vector<float> elevation;           ///< degrees above its horizon
    std::vector<float> spacing;             ///< metres to the nearest other point of the scan
    std::vector<float> intensity;           ///< as in the files; empty if they have none
    std::vector<std::size_t> class_points;  ///< by class of the taxonomy; empty without labels
};

struct StatisticsOptions {
    Eigen::Vector3d origin = Eigen::Vector3d::Zero();  ///< of the lidar in the frame's coordinates
    double min_range = 0.5;                            ///< metres; nearer rows count as empty
    double max_range = 1e9;                            ///< metres; farther points are left out
    const datasets::Taxonomy* taxonomy = nullptr;      ///< null: no classes
};

/// Adds one scan. Same bits for any number of threads.
/// @throws base::Error if a label is unknown to the taxonomy.
void add_scan(ScanStatistics& statistics, const datasets::Frame& frame,
              const StatisticsOptions& options);

/// The value that a share `at` of the values lies below, linear between neighbours; 0 for none.
double quantile(std::vector<float> values, double at);
std::vector<double> quantiles(std::vector<float> values, const std::vector<double>& at);

/// Share of the values in each bin; the first and last bin hold what lies outside as well.
/// @param edges  rising, at least two.
std::vector<double> histogram(const std::vector<float>& values, const std::vector<double>& edges);

/// Half the sum of differences: 0 for equal histograms, 1 for disjoint ones.
double total_variation(const std::vector<double>& a, const std::vector<double>& b);

/// Earth mover's distance of two sets of numbers, in their unit: how far the values have to move on
/// average. 0 if one is empty.
double earth_movers_distance(std::vector<float> a, std::vector<float> b);

}  // namespace distillar::evaluation
