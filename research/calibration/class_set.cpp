#include "research/calibration/class_set.hpp"

#include <limits>
#include <numeric>

#include "datasets/taxonomy.hpp"

namespace distillar::research {

using simulation::Category;

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
}

ClassSet finest_classes() {
    ClassSet set{"finest", {}, {}};
    for (int i = 0; i < simulation::category_count; ++i) {
        set.classes.emplace_back(simulation::name_of(static_cast<Category>(i)));
        set.class_of[static_cast<std::size_t>(i)] = i;
    }
    return set;
}

/// @param taxonomy  of SemanticKITTI's raw ids. Sky has none.
ClassSet classes_of(const datasets::Taxonomy& taxonomy) {
    ClassSet set{taxonomy.class_set, taxonomy.classes, {}};
    for (int i = 0; i < simulation::category_count; ++i) {
        const auto raw = simulation::semantickitti_id(static_cast<Category>(i), false);
        const int known = taxonomy.map({raw}).front();
        set.class_of[static_cast<std::size_t>(i)] =
            known < static_cast<int>(set.classes.size()) ? known : ClassSet::none;
    }
    return set;
}

}  // namespace

std::vector<ClassSet> class_sets() {
    return {finest_classes(), classes_of(datasets::load_taxonomy("semantickitti-sk19")),
            classes_of(datasets::load_taxonomy("semantickitti-pd8"))};
}

Agreement::Agreement(const ClassPairs& pairs, const ClassSet& classes)
    : size_(classes.classes.size()), counts_(size_ * (size_ + 1)) {
    for (int i = 0; i < simulation::category_count; ++i) {
        const int point = classes.of(static_cast<Category>(i));
        for (int k = 0; k < simulation::category_count && point != ClassSet::none; ++k) {
            const int seen = classes.of(static_cast<Category>(k));
            const auto column = seen == ClassSet::none ? size_ : static_cast<std::size_t>(seen);
            counts_[static_cast<std::size_t>(point) * (size_ + 1) + column] +=
                pairs.at(static_cast<Category>(i), static_cast<Category>(k));
        }
    }
}

std::int64_t Agreement::at(int point, int seen) const {
    const auto column = seen == ClassSet::none ? size_ : static_cast<std::size_t>(seen);
    return counts_[static_cast<std::size_t>(point) * (size_ + 1) + column];
}

std::int64_t Agreement::points() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

double Agreement::share() const {
    std::int64_t same = 0;
    for (int i = 0; i < static_cast<int>(size_); ++i) {
        same += at(i, i);
    }
    return ratio(same, points());
}

std::int64_t Agreement::points_of(int point) const {
    const auto row = counts_.begin() +
                     static_cast<std::ptrdiff_t>(static_cast<std::size_t>(point) * (size_ + 1));
    return std::accumulate(row, row + static_cast<std::ptrdiff_t>(size_ + 1), std::int64_t{0});
}

double Agreement::share_of(int point) const {
    return ratio(at(point, point), points_of(point));
}

}  // namespace distillar::research
