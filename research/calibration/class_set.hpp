#pragma once
/// Classes that the agreement is counted in.
#include <array>
#include <string>
#include <vector>

#include "research/calibration/consistency.hpp"

namespace distillar::research {

/// The simulator's categories in groups.
struct ClassSet {
    static constexpr int none = -1;  ///< not judged

    std::string name;
    std::vector<std::string> classes;
    std::array<int, simulation::category_count> class_of{};  ///< by category

    int of(simulation::Category category) const {
        return class_of[static_cast<std::size_t>(category)];
    }
};

/// Every category for itself ("finest"), then SemanticKITTI's 19 classes (lane markings are road)
/// and the eight of PandaSet's studies.
std::vector<ClassSet> class_sets();

/// Counts within a class set. Points of no class are left out.
class Agreement {
public:
    Agreement(const ClassPairs& pairs, const ClassSet& classes);

    std::int64_t points() const;
    /// Share of all points that agree; NaN without any.
    double share() const;
    std::int64_t points_of(int point) const;
    double share_of(int point) const;
    std::int64_t at(int point, int seen) const;  ///< `seen` may be none

private:
    std::size_t size_;
    std::vector<std::int64_t> counts_;  ///< [point][seen], the last column: none
};

}  // namespace distillar::research
