#include "research/teacher_view/report.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace distillar::research {

namespace {

double share(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(double fraction) {
    return std::isnan(fraction) ? "-" : fmt::format("{:.1f}", 100 * fraction);
}

nlohmann::ordered_json number(double fraction) {
    return std::isnan(fraction) ? nlohmann::ordered_json() : nlohmann::ordered_json(fraction);
}

const std::string& name_of(std::size_t group) {
    return group_style().names[group];
}

}  // namespace

void Report::add(const View& view, const std::vector<std::uint8_t>& predicted) {
    Judged judged{view.name};
    std::vector<std::uint8_t> groups(view.truth.size());
    for (std::size_t i = 0; i < view.truth.size(); ++i) {
        const std::uint8_t train_id = predicted.at(view.pixel(i));
        groups[i] = group_of_cityscapes(train_id);
        if (view.truth[i] == no_group) {
            ++not_judged_;
            continue;
        }
        ++cityscapes_[view.truth[i]].at(train_id);
        ++judged.judged;
        judged.right += groups[i] == view.truth[i] ? 1 : 0;
    }
    matrix_.add(view.truth, groups);
    views_.push_back(std::move(judged));
}

void Report::finish() {
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start_;
    seconds_ = all.count() / static_cast<double>(std::max<std::size_t>(1, views_.size()));
}

std::int64_t Report::right() const {
    std::int64_t sum = 0;
    for (std::size_t group = 0; group < group_count; ++group) {
        sum += matrix_.at(group, group);
    }
    return sum;
}

double Report::recall(std::size_t group) const {
    return share(matrix_.at(group, group), matrix_.truth_points(group));
}

double Report::precision(std::size_t group) const {
    return share(matrix_.at(group, group), matrix_.predicted_points(group));
}

double Report::iou(std::size_t group) const {
    const std::int64_t truth = matrix_.truth_points(group);
    const std::int64_t right = matrix_.at(group, group);
    return truth == 0 ? share(0, 0) : share(right, truth + matrix_.predicted_points(group) - right);
}

std::string Report::table() const {
    std::string text = fmt::format(
        "{} images, {} judged, {} not judged, {:.2f} s an image\naccuracy {} %\n\n{:<12}{:>12}"
        "{:>9}{:>11}{:>7}\n",
        views_.size(), matrix_.points(), not_judged_, seconds_,
        percent(share(right(), matrix_.points())), "class", "truth", "recall", "precision", "IoU");
    for (std::size_t group = 0; group < group_count; ++group) {
        text += fmt::format("{:<12}{:>12}{:>9}{:>11}{:>7}\n", name_of(group),
                            matrix_.truth_points(group), percent(recall(group)),
                            percent(precision(group)), percent(iou(group)));
    }
    text += fmt::format("\n{:<12}", "truth \\ as, %");
    for (const auto& name : group_style().names) {
        text += fmt::format("{:>11}", name);
    }
    text += "\n";
    for (std::size_t group = 0; group < group_count; ++group) {
        text += fmt::format("{:<13}", name_of(group));
        for (std::size_t as = 0; as <= group_count; ++as) {
            text += fmt::format("{:>11}",
                                percent(share(matrix_.at(group, as), matrix_.truth_points(group))));
        }
        text += "\n";
    }
    return text;
}

std::string Report::row(const std::string& name) const {
    std::string text = fmt::format("| {} | {} | {} |", name, views_.size(),
                                   percent(share(right(), matrix_.points())));
    for (std::size_t group = 0; group < group_count; ++group) {
        text += fmt::format(" {} / {} |", percent(recall(group)), percent(precision(group)));
    }
    return text + "\n";
}

std::string Report::json() const {
    nlohmann::ordered_json json;
    json["accuracy"] = number(share(right(), matrix_.points()));
    json["judged"] = matrix_.points();
    json["not_judged"] = not_judged_;
    for (std::size_t group = 0; group < group_count; ++group) {
        nlohmann::ordered_json predicted_as = nlohmann::ordered_json::object();
        const std::int64_t truth = matrix_.truth_points(group);
        for (std::size_t as = 0; as < cityscapes_count; ++as) {
            if (share(cityscapes_[group][as], truth) >= 0.001) {
                predicted_as[cityscapes_names()[as]] = share(cityscapes_[group][as], truth);
            }
        }
        json["classes"].push_back({{"name", name_of(group)},
                                   {"truth", truth},
                                   {"recall", number(recall(group))},
                                   {"precision", number(precision(group))},
                                   {"iou", number(iou(group))},
                                   {"predicted_as", predicted_as}});
        nlohmann::ordered_json row;
        for (std::size_t as = 0; as <= group_count; ++as) {
            row.push_back(matrix_.at(group, as));
        }
        json["confusion"].push_back(row);
    }
    for (const auto& view : views_) {
        json["images"].push_back({{"name", view.name},
                                  {"accuracy", number(share(view.right, view.judged))},
                                  {"judged", view.judged}});
    }
    json["seconds_per_image"] = seconds_;
    return json.dump(2) + "\n";
}

}  // namespace distillar::research
