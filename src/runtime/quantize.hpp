#pragma once
#include <functional>
#include <string>

#include "formats/model_file.hpp"
#include "geometry/preprocess.hpp"
#include "runtime/calibration.hpp"

namespace distillar::runtime {

struct QuantizeOptions {
    /// Share of labels that must stay; layers that lose too much stay in bf16 until it is met.
    double same_labels = 0.99;
    std::size_t rows = default_calibration_rows;
    /// Called when it turns out that so many more scans will pass through a network, and what for;
    /// or empty.
    std::function<void(std::size_t passes, const std::string& why)> expect = {};
    std::function<void()> advance = {};  ///< called after each of these passes, or empty
};

struct Quantized {
    formats::Int8Scales steps;
    std::size_t layers = 0;        ///< in bytes
    bool embedding = true;         ///< the neighbour branch is
    std::size_t measured = 0;      ///< scans that the steps come from
    std::size_t compared = 0;      ///< scans that labels were compared on: others, if there are two
    double same_labels = 0;        ///< of the points that the network sees, against float32
    double same_labels_bf16 = -1;  ///< with nothing in bytes; -1: the processor has no bf16
};

/// Int8 scales for int8: every other scan is measured, the others tell what it costs in labels.
/// @param read  the i-th of `scans` scans, aligned with the model's sensor.
/// @throws base::Error naming `source` if no scan has points in the field of view, the processor
///         has no int8, or not even bf16 keeps enough labels.
Quantized quantize(const formats::ModelFile& file, const std::string& source, std::size_t scans,
                   const std::function<geometry::Scan(std::size_t)>& read,
                   const QuantizeOptions& options);

}  // namespace distillar::runtime
