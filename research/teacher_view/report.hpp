#pragma once
/// Figures of predicted against true groups.
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "evaluation/confusion.hpp"
#include "research/teacher_view/groups.hpp"
#include "research/teacher_view/views.hpp"

namespace distillar::research {

class Report {
public:
    /// Counts one view. @param predicted  Cityscapes train ids, one per pixel of its image.
    void add(const View& view, const std::vector<std::uint8_t>& predicted);
    /// Says that nothing follows: the time since construction is what the views took.
    void finish();

    /// For people, in percent.
    std::string table() const;
    /// A row of a markdown table: name, images, accuracy, then recall / precision of each group.
    std::string row(const std::string& name) const;
    /// {"accuracy", "judged", "not_judged", "images": [{"name", "accuracy", "judged"}], "classes":
    /// [{"name", "truth", "recall", "precision", "iou", "predicted_as": {name: share}}],
    /// "confusion", "seconds_per_image"}: fractions, null where nothing can be said. `confusion`
    /// has the truth's groups as rows, the prediction's and "other" as columns. `predicted_as`
    /// names Cityscapes' classes that got 0.1 % or more.
    std::string json() const;

private:
    struct Judged {
        std::string name;
        std::int64_t right = 0;
        std::int64_t judged = 0;
    };
    std::int64_t right() const;
    double recall(std::size_t group) const;
    double precision(std::size_t group) const;
    double iou(std::size_t group) const;

    evaluation::ConfusionMatrix matrix_{group_count};
    std::array<std::array<std::int64_t, cityscapes_count>, group_count> cityscapes_{};
    std::vector<Judged> views_;
    std::int64_t not_judged_ = 0;
    double seconds_ = 0;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace distillar::research
