#pragma once
#include "runtime/byte_range.hpp"
#include "runtime/network.hpp"

namespace distillar::runtime {

/// Rows of each large product's source that are kept, of all scans together.
inline constexpr std::size_t default_calibration_rows = 2048;

/// Measures a model's int8 scales (int8) on scans: keeps rows of every large product's source and
/// chooses the steps that change the product least.
class Calibration {
public:
    /// @param scans  that will be added: they share the rows kept, each gives one at least.
    /// @throws base::Error if the weights do not fit the description.
    Calibration(const formats::ModelFile& file, const std::string& source, std::size_t scans,
                std::size_t rows = default_calibration_rows);

    /// One scan through the float32 network, on the caller's pool.
    void add(const NetworkInput& input);

    struct Result {
        formats::Int8Scales steps;   ///< of all layers
        std::vector<double> errors;  ///< per layer: squared error over the squared tokens after it
    };
    /// @throws base::Error if no scan was added.
    Result result() const;

private:
    void keep_differences(const NetworkInput& input, std::size_t stride);
    formats::Int8Scales::Layer steps_of(std::size_t layer, double& error) const;

    FoldedWeights weights_;
    std::size_t neighbors_;
    Network network_;
    Workspace workspace_;
    std::size_t rows_a_scan_;
    SourceRows differences_;  ///< relu(first(.)) of the neighbour branch
    std::vector<SourceRows> tokens_;
};

/// Leaves the `count` layers with the largest errors out of the steps: they stay in bf16.
void keep_in_floats(Calibration::Result& result, std::size_t count);

}  // namespace distillar::runtime
