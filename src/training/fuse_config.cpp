#include "training/fuse_config.hpp"

#include <cmath>

#include "training/config_keys.hpp"

namespace distillar::training {

namespace {

void read_share(const base::Yaml& yaml, const char* key, double& value) {
    read(yaml, key, value);
    require(yaml, key, value >= 0 && value < 1, "in [0, 1)");
}

void read_width(const base::Yaml& yaml, const char* key, int& value, int least) {
    constexpr int most = 4096;
    read(yaml, key, value);
    require(yaml, key, value >= least && value <= most,
            least == 0 ? "0 (none) to 4096" : "1 to 4096");
}

void read_loss(const base::Yaml& yaml, CrossModalLossConfig& loss) {
    yaml.allow_keys({"contrastive", "consistency", "temperature", "symmetric", "pairs",
                     "every_view", "logits", "logit_temperature", "features"});
    read_weight(yaml, "contrastive", loss.contrastive);
    read_weight(yaml, "consistency", loss.consistency);
    read_positive(yaml, "temperature", loss.temperature);
    read(yaml, "symmetric", loss.symmetric);
    read(yaml, "pairs", loss.pairs);
    require(yaml, "pairs", loss.pairs >= 2, "2 or above: negatives are other pairs");
    read(yaml, "every_view", loss.every_view);
    read_weight(yaml, "logits", loss.logits);
    read_positive(yaml, "logit_temperature", loss.logit_temperature);
    read_weight(yaml, "features", loss.features);
}

void read_sweeps(const base::Yaml& yaml, datasets::Sweeps& sweeps) {
    constexpr int most = 100;
    yaml.allow_keys({"before", "after", "limit"});
    read(yaml, "before", sweeps.before);
    read(yaml, "after", sweeps.after);
    read(yaml, "limit", sweeps.limit);
    require(yaml, "before", sweeps.before >= 0 && sweeps.before <= most, "0 to 100");
    require(yaml, "after", sweeps.after >= 0 && sweeps.after <= most, "0 to 100");
    require(yaml, "limit", sweeps.limit > 0 && std::isfinite(sweeps.limit), "above 0 (seconds)");
}

}  // namespace

void read_fuse(const base::Yaml& yaml, FuseConfig& fuse) {
    yaml.allow_keys({"fusion", "hidden", "heads", "adapter", "projection", "projection_hidden",
                     "loss", "camera_dropout", "image_dropout", "sweeps"});
    choose(yaml, "fusion", fuse.fusion, {"gate", "attention"});
    read_width(yaml, "hidden", fuse.hidden, 1);
    read_width(yaml, "heads", fuse.heads, 1);
    read_width(yaml, "adapter", fuse.adapter, 0);
    read_width(yaml, "projection", fuse.projection, 1);
    read_width(yaml, "projection_hidden", fuse.projection_hidden, 1);
    read_share(yaml, "camera_dropout", fuse.camera_dropout);
    read_share(yaml, "image_dropout", fuse.image_dropout);
    if (const auto section = yaml.find("loss")) {
        read_loss(*section, fuse.loss);
    }
    if (const auto section = yaml.find("sweeps")) {
        read_sweeps(*section, fuse.sweeps);
    }
}

std::string fuse_text(const FuseConfig& fuse) {
    const auto& loss = fuse.loss;
    const auto& sweeps = fuse.sweeps;
    return fmt::format(
        "fuse:\n"
        "  fusion: {}\n  hidden: {}\n  heads: {}\n  adapter: {}\n"
        "  projection: {}\n  projection_hidden: {}\n"
        "  loss: {{contrastive: {}, consistency: {}, temperature: {}, symmetric: {}, pairs: {}, "
        "every_view: {}, logits: {}, logit_temperature: {}, features: {}}}\n"
        "  camera_dropout: {}\n  image_dropout: {}\n"
        "  sweeps: {{before: {}, after: {}, limit: {}}}\n",
        fuse.fusion, fuse.hidden, fuse.heads, fuse.adapter, fuse.projection, fuse.projection_hidden,
        loss.contrastive, loss.consistency, loss.temperature, loss.symmetric, loss.pairs,
        loss.every_view, loss.logits, loss.logit_temperature, loss.features, fuse.camera_dropout,
        fuse.image_dropout, sweeps.before, sweeps.after, sweeps.limit);
}

}  // namespace distillar::training
