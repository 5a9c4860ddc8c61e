#pragma once
#include <string>
#include <vector>

#include "evaluation/scan_statistics.hpp"

namespace distillar::research {

/// One side of the comparison.
struct RealismSide {
    std::string name;
    evaluation::ScanStatistics statistics;
    std::vector<std::string> classes;  ///< of its taxonomy; empty without labels
};

/// Markdown: one row a quantity with quantiles on both sides, then class shares.
std::string realism_table(const RealismSide& real, const RealismSide& simulated);

/// The same as lines of text for a terminal.
std::string realism_text(const RealismSide& real, const RealismSide& simulated);

/// The histograms as an SVG file, one chart a quantity.
std::string realism_picture(const RealismSide& real, const RealismSide& simulated);

}  // namespace distillar::research
