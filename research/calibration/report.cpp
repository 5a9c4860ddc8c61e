#include "research/calibration/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace distillar::research {

namespace {

constexpr std::size_t listed_pairs = 10;

std::string percent(double share) {
    return std::isnan(share) ? "-" : fmt::format("{:.2f}", 100 * share);
}

nlohmann::ordered_json number(double share) {
    return std::isnan(share) ? nlohmann::ordered_json() : nlohmann::ordered_json(share);
}

/// The ways to look at the same points.
struct Figures {
    Agreement pixel, unhidden, neighbour, ray;
    Figures(const Consistency& sum, const ClassSet& set)
        : pixel(sum.pixels, set),
          unhidden(sum.unhidden, set),
          neighbour(sum.neighbours, set),
          ray(sum.rays, set) {}
};

std::string class_lines(const Figures& figures, const ClassSet& set) {
    std::string text;
    for (int i = 0; i < static_cast<int>(set.classes.size()); ++i) {
        const auto points = figures.pixel.points_of(i);
        if (points > 0) {
            const auto lost = points - figures.pixel.at(i, i);
            text += fmt::format(
                "  {:<18}{:>10}{:>10}{:>10}{:>11}{:>8}{:>8.3f}\n",
                set.classes[static_cast<std::size_t>(i)], points,
                percent(figures.pixel.share_of(i)), percent(figures.unhidden.share_of(i)),
                percent(figures.neighbour.share_of(i)), percent(figures.ray.share_of(i)),
                100 * static_cast<double>(lost) / static_cast<double>(figures.pixel.points()));
        }
    }
    return text;
}

/// The pairs of classes that cost most, in percent of all points.
std::string pair_lines(const Agreement& pixel, const ClassSet& set) {
    struct Pair {
        std::int64_t count;
        int point, seen;
    };
    std::vector<Pair> pairs;
    for (int i = 0; i < static_cast<int>(set.classes.size()); ++i) {
        for (int k = ClassSet::none; k < static_cast<int>(set.classes.size()); ++k) {
            if (i != k && pixel.at(i, k) > 0) {
                pairs.push_back({pixel.at(i, k), i, k});
            }
        }
    }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair& a, const Pair& b) { return a.count > b.count; });
    pairs.resize(std::min(pairs.size(), listed_pairs));
    std::string text;
    for (const Pair& pair : pairs) {
        const std::string seen = pair.seen == ClassSet::none
                                     ? "none of these"
                                     : set.classes[static_cast<std::size_t>(pair.seen)];
        text += fmt::format(
            "  {} in a pixel of {}: {:.3f} %\n", set.classes[static_cast<std::size_t>(pair.point)],
            seen, 100 * static_cast<double>(pair.count) / static_cast<double>(pixel.points()));
    }
    return text;
}

nlohmann::ordered_json json_of(const Consistency& sum, const ClassSet& set) {
    const Figures figures(sum, set);
    nlohmann::ordered_json json{{"points", figures.pixel.points()},
                                {"pixel", number(figures.pixel.share())},
                                {"unhidden", number(figures.unhidden.share())},
                                {"neighbour", number(figures.neighbour.share())},
                                {"ray", number(figures.ray.share())},
                                {"classes", nlohmann::ordered_json::array()}};
    for (int i = 0; i < static_cast<int>(set.classes.size()); ++i) {
        json["classes"].push_back({{"name", set.classes[static_cast<std::size_t>(i)]},
                                   {"points", figures.pixel.points_of(i)},
                                   {"pixel", number(figures.pixel.share_of(i))},
                                   {"ray", number(figures.ray.share_of(i))}});
    }
    return json;
}

}  // namespace

std::string calibration_table(const std::vector<CalibrationPart>& parts) {
    std::string text;
    for (const auto& part : parts) {
        text += fmt::format("{}: {} frames, {} points hidden and left out\n", part.name,
                            part.sum.frames, part.sum.hidden);
        for (const ClassSet& set : class_sets()) {
            const Figures figures(part.sum, set);
            text += fmt::format("  {:<18}{:>10}{:>10}{:>10}{:>11}{:>8}{:>8}\n", set.name + ", %",
                                "points", "pixel", "unhidden", "neighbour", "ray", "lost");
            text += fmt::format("  {:<18}{:>10}{:>10}{:>10}{:>11}{:>8}\n", "all",
                                figures.pixel.points(), percent(figures.pixel.share()),
                                percent(figures.unhidden.share()),
                                percent(figures.neighbour.share()), percent(figures.ray.share()));
            text += class_lines(figures, set) + pair_lines(figures.pixel, set);
        }
    }
    return text;
}

std::string calibration_rows(const std::string& name, const std::vector<CalibrationPart>& parts) {
    std::string text;
    for (const auto& part : parts) {
        const auto sets = class_sets();
        text += fmt::format("| {}, {} | {} | {} | {} |", name, part.name, part.sum.frames,
                            Figures(part.sum, sets.front()).pixel.points(), part.sum.hidden);
        for (const ClassSet& set : sets) {
            const Figures figures(part.sum, set);
            text += fmt::format(" {} / {} |", percent(figures.pixel.share()),
                                percent(figures.unhidden.share()));
        }
        text += "\n";
    }
    return text;
}

std::string calibration_json(const std::vector<CalibrationPart>& parts) {
    nlohmann::ordered_json json;
    for (const auto& part : parts) {
        auto& object = json[part.name];
        object["frames"] = part.sum.frames;
        object["hidden"] = part.sum.hidden;
        for (const ClassSet& set : class_sets()) {
            object[set.name] = json_of(part.sum, set);
        }
    }
    return json.dump(2) + "\n";
}

}  // namespace distillar::research
