#include "training/adapt_config.hpp"

#include <cmath>

#include "training/config_keys.hpp"

namespace distillar::training {

namespace {

bool share(double value) {
    return value >= 0 && value < 1;
}

void read_class_thresholds(const base::Yaml& yaml, ClassThresholds& thresholds) {
    yaml.allow_keys({"share", "floor", "discount", "momentum"});
    read(yaml, "share", thresholds.share);
    read(yaml, "floor", thresholds.floor);
    read(yaml, "discount", thresholds.discount);
    read(yaml, "momentum", thresholds.momentum);
    require(yaml, "share", thresholds.share > 0 && thresholds.share <= 1, "in (0, 1]");
    require(yaml, "floor", share(thresholds.floor), "in [0, 1)");
    require(yaml, "discount", thresholds.discount > 0 && std::isfinite(thresholds.discount),
            "above 0");
    require(yaml, "momentum", share(thresholds.momentum), "in [0, 1)");
}

void read_weights(const base::Yaml& yaml, AdaptConfig& adapt) {
    read_weight(yaml, "source_weight", adapt.source_weight);
    read_weight(yaml, "target_weight", adapt.target_weight);
    read_weight(yaml, "target_lovasz", adapt.target_lovasz);
    read_weight(yaml, "entropy_weight", adapt.entropy_weight);
}

void read_selection(const base::Yaml& yaml, AdaptConfig& adapt) {
    choose(yaml, "result", adapt.result, {"student", "teacher"});
    choose(yaml, "select", adapt.select, {"last", "entropy"});
    read(yaml, "select_every", adapt.select_every);
    read(yaml, "select_scans", adapt.select_scans);
    require(yaml, "select_every", adapt.select_every >= 1, "1 or above");
    require(yaml, "select_scans", adapt.select_scans >= 1, "1 or above");
}

}  // namespace

void read_adapt(const base::Yaml& yaml, AdaptConfig& adapt) {
    yaml.allow_keys({"method", "ema", "ema_every", "thresholds", "confidence", "class_thresholds",
                     "source_weight", "target_weight", "target_lovasz", "entropy_weight",
                     "statistics", "result", "select", "select_every", "select_scans",
                     "give_up_steps"});
    choose(yaml, "method", adapt.method, {"self_training", "adabn"});
    read(yaml, "ema", adapt.ema);
    read(yaml, "ema_every", adapt.ema_every);
    choose(yaml, "thresholds", adapt.thresholds, {"global", "class"});
    read(yaml, "confidence", adapt.confidence);
    require(yaml, "ema", adapt.ema >= 0 && adapt.ema <= 1, "in [0, 1]");
    require(yaml, "ema_every", adapt.ema_every >= 1, "1 or above");
    require(yaml, "confidence", share(adapt.confidence), "in [0, 1)");
    if (const auto section = yaml.find("class_thresholds")) {
        read_class_thresholds(*section, adapt.class_thresholds);
    }
    read_weights(yaml, adapt);
    choose(yaml, "statistics", adapt.statistics, {"source", "target"});
    read_selection(yaml, adapt);
    read(yaml, "give_up_steps", adapt.give_up_steps);
    require(yaml, "give_up_steps", adapt.give_up_steps >= 0, "0 (at the end) or above");
}

std::string adapt_text(const AdaptConfig& adapt) {
    if (adapt.method == "adabn") {
        return "adapt: {method: adabn}\n";
    }
    const auto& thresholds = adapt.class_thresholds;
    return fmt::format(
        "adapt:\n"
        "  method: {}\n"
        "  ema: {}\n  ema_every: {}\n"
        "  thresholds: {}\n  confidence: {}\n"
        "  class_thresholds: {{share: {}, floor: {}, discount: {}, momentum: {}}}\n"
        "  source_weight: {}\n  target_weight: {}\n  target_lovasz: {}\n  entropy_weight: {}\n"
        "  statistics: {}\n"
        "  result: {}\n  select: {}\n  select_every: {}\n  select_scans: {}\n"
        "  give_up_steps: {}\n",
        adapt.method, adapt.ema, adapt.ema_every, adapt.thresholds, adapt.confidence,
        thresholds.share, thresholds.floor, thresholds.discount, thresholds.momentum,
        adapt.source_weight, adapt.target_weight, adapt.target_lovasz, adapt.entropy_weight,
        adapt.statistics, adapt.result, adapt.select, adapt.select_every, adapt.select_scans,
        adapt.give_up_steps);
}

}  // namespace distillar::training
