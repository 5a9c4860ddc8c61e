#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace distillar::evaluation {

/// How well one frame was segmented.
struct FrameScore {
    std::size_t index = 0;  ///< in its data set
    double miou = 0;        ///< over the classes that the frame's truth has; NaN without a truth
};

struct RankedFrame {
    std::string rank;  ///< "best", "median", "worst"
    FrameScore score;
};

/// The frames to look at, none twice: with fewer than three, fewer. Of equal ones the first.
std::vector<RankedFrame> best_median_worst(std::vector<FrameScore> scores);

}  // namespace distillar::evaluation
