#include "evaluation/frame_score.hpp"

#include <algorithm>
#include <cmath>

namespace distillar::evaluation {

std::vector<RankedFrame> best_median_worst(std::vector<FrameScore> scores) {
    std::erase_if(scores, [](const FrameScore& score) { return std::isnan(score.miou); });
    std::stable_sort(scores.begin(), scores.end(),
                     [](const FrameScore& a, const FrameScore& b) { return a.miou > b.miou; });
    const std::size_t count = scores.size();
    std::vector<RankedFrame> ranked;
    const auto add = [&](bool there, const char* rank, std::size_t place) {
        if (there) {
            ranked.push_back({rank, scores[place]});
        }
    };
    add(count > 0, "best", 0);
    add(count > 2, "median", count / 2);
    add(count > 1, "worst", count - 1);
    return ranked;
}

}  // namespace distillar::evaluation
