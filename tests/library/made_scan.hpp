#pragma once
#include <filesystem>
#include <vector>

#include "distillar/distillar.h"
#include "distillar/segmenter.hpp"
#include "formats/model_file.hpp"

namespace distillar::test {

/// A flat road `height` metres below the sensor and two walls; x, y, z, intensity.
std::vector<float> made_scan(std::size_t points, double height = 1.8, std::uint64_t seed = 1);

/// A small described model with random weights of a sensor 1.8 m above the road.
formats::ModelFile made_model();

/// The same as a file.
std::filesystem::path write_made_model(const std::filesystem::path& folder);

struct Labels {
    std::vector<std::uint8_t> classes;
    std::vector<float> confidence;
    bool operator==(const Labels&) const = default;
};

Labels segment(Segmenter& segmenter, const Cloud& cloud);
Labels segment(Segmenter& segmenter, const std::vector<float>& scan);

/// What a call answered: by the C++ interface (kind and text of the Error) or the C one.
struct Answer {
    distillar_status status = DISTILLAR_OK;
    std::string message;
};

/// Segments through both interfaces, expects the same answer of both and returns it.
Answer segment_both(const std::filesystem::path& model, const Cloud& cloud,
                    const Options& options = {});
Answer load_both(const std::filesystem::path& model, Precision precision = Precision::fp32);

}  // namespace distillar::test
