#pragma once
#include <string>
#include <vector>

#include "research/calibration/class_set.hpp"

namespace distillar::research {

/// Frames of one kind: of a vehicle that stands, or that moves.
struct CalibrationPart {
    std::string name;
    Consistency sum;
};

/// For people: agreement in percent, by classes, and the pairs that differ most.
std::string calibration_table(const std::vector<CalibrationPart>& parts);

/// Rows of a markdown table, one a part: name, part, frames, points, hidden, then the agreement
/// with the pixel in each class set, and that without pixels that show something nearer.
std::string calibration_rows(const std::string& name, const std::vector<CalibrationPart>& parts);

/// {"standing": {"frames", "hidden", "finest": {"points", "pixel", "unhidden", "neighbour", "ray",
/// "classes": [{"name", "points", "pixel", "ray"}]}, "sk19": {...}, "pd8": {...}}, "moving":
/// {...}}: fractions, null where nothing can be said.
std::string calibration_json(const std::vector<CalibrationPart>& parts);

}  // namespace distillar::research
