#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/prefetch.hpp"
#include "base/progress.hpp"
#include "evaluation/entropy.hpp"
#include "losses/entropy.hpp"
#include "models/state.hpp"
#include "training/adabn.hpp"
#include "training/batch_statistics.hpp"
#include "training/descent.hpp"
#include "training/evaluate.hpp"
#include "training/plan.hpp"
#include "training/provenance.hpp"
#include "training/run.hpp"
#include "training/self_training.hpp"
#include "training/stages.hpp"
#include "training/target_scans.hpp"

namespace distillar::training {

namespace {

/// Target scans are drawn and augmented apart from source scans.
constexpr std::uint64_t target_seed = 0x746172676574;

/// Tokens of one step.
struct Item {
    TokenBatch source, target;
};

double share(const torch::Tensor& of, const torch::Tensor& among) {
    const auto all = among.sum().item<double>();
    return all > 0 ? of.logical_and(among).sum().item<double>() / all : std::nan("");
}

/// What a step logs: losses, accuracy on source labels; of the target's points the shares kept (of
/// all, and of those that the teacher gives to a class), how often student and teacher agree, and
/// the student's mean entropy.
std::map<std::string, double> metrics_of(
    const SelfTrainingStep& step, const TokenBatch& source,
    const std::vector<formats::ModelDescription::Class>& classes) {
    if (!step.loss.defined()) {
        return {};
    }
    const torch::NoGradGuard no_grad;
    auto metrics = supervised_metrics(step.source_logits, source.labels, step.loss.item<double>());
    const torch::Tensor kept = step.pseudo.kept();
    const torch::Tensor all = torch::ones_like(kept);
    metrics["source.loss"] = step.source_loss.item<double>();
    metrics["target.loss"] = step.target_loss.item<double>();
    metrics["target.entropy"] = losses::prediction_entropy(step.target_logits).item<double>();
    metrics["target.agreement"] = share(step.target_logits.argmax(1).eq(step.pseudo.classes), all);
    metrics["target.kept"] = share(kept, all);
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const auto own = step.pseudo.classes.eq(static_cast<std::int64_t>(i));
        metrics["target.kept." + classes[i].name] = share(kept, own);
    }
    return metrics;
}

/// The head's statistics over every target scan's tokens.
void take_target_statistics(SelfTraining& heads, const TokenSource& target, torch::Device device) {
    base::Progress progress("statistics", target.scans());
    estimate_statistics(heads.student(), target.scans(), [&](std::size_t scan) {
        heads.student().forward(target.plain(scan).to(device).tokens);
        progress.advance();
    });
    heads.copy_to_teacher();
}

/// Mean entropy of a head on at most `most` target scans, evenly spaced.
double target_entropy(models::Head& head, const TokenSource& target, int most,
                      torch::Device device) {
    const torch::NoGradGuard no_grad;
    const std::size_t count = std::min(target.scans(), static_cast<std::size_t>(most));
    evaluation::PredictionEntropy entropy;
    for (std::size_t i = 0; i < count; ++i) {
        const torch::Tensor tokens = target.plain(i * target.scans() / count).to(device).tokens;
        const torch::Tensor logits = head.forward(tokens).to(torch::kCPU).contiguous();
        entropy.add({logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())},
                    static_cast<std::size_t>(head.config().outputs));
    }
    return entropy.mean();
}

[[noreturn]] void fail_unconfident(const AdaptRunConfig& config, double highest) {
    const bool global = config.adapt.thresholds == AdaptConfig::Thresholds::global;
    base::fail(
        "{}: not one target point is confident: the highest confidence is {:.3f}, {} is {}; lower "
        "it, or start from a model that knows the target better",
        config.target.front().path.string(), highest,
        global ? "adapt.confidence" : "adapt.class_thresholds.floor",
        global ? config.adapt.confidence : config.adapt.class_thresholds.floor);
}

/// What the loop works on.
struct Loop {
    const AdaptRunConfig& config;
    const Plan& plan;
    const Plan& target_plan;
    const TokenSource& source;
    const TokenSource& target;
    SelfTraining& heads;
    AdamW& optimiser;
    RunFolder& folder;

    torch::Device device() const { return device_of(config); }
};

/// `select: entropy`: measures the head as it is now.
void offer_head(const Loop& loop, std::int64_t done) {
    const double entropy = target_entropy(loop.heads.result(), loop.target,
                                          loop.config.adapt.select_scans, loop.device());
    loop.folder.log_metrics(done, {{"target.selection_entropy", entropy}});
    loop.heads.offer(entropy);
}

/// @return false as soon as the target is without one confident point for too long.
bool train_heads(const Loop& loop, std::int64_t first) {
    const AdaptConfig& adapt = loop.config.adapt;
    const std::int64_t steps = loop.plan.steps();
    const std::int64_t patience =
        adapt.give_up_steps > 0 ? std::min(adapt.give_up_steps, steps) : steps;
    base::Prefetch<Item> items(first, steps, [&](std::int64_t step) {
        return Item{loop.source.read(loop.plan.draws(step)),
                    loop.target.read(loop.target_plan.draws(step))};
    });
    Descent descent(loop.heads, loop.optimiser, loop.folder, loop.config.bad_steps);
    base::Progress progress("adapt", static_cast<std::uint64_t>(steps),
                            static_cast<std::uint64_t>(first));
    for (std::int64_t step = first; step < steps; ++step) {
        const Item item = items.next();
        const TokenBatch source = item.source.to(loop.device());
        const std::int64_t done = step + 1;
        SelfTrainingStep result;
        if (source.labels.defined()) {  // else all its crops lie outside the field of view
            const TokenBatch target = item.target.to(loop.device());
            result = loop.heads.step(source, target);
            descent.step(result.loss, loop.plan.factor(step), [&] {
                return std::map<std::string, torch::Tensor>{{"source.tokens", source.tokens},
                                                            {"source.labels", source.labels},
                                                            {"target.tokens", target.tokens}};
            });
            loop.heads.update_teacher(done);
        }
        if (done >= patience && loop.heads.confident_points() == 0) {
            return false;
        }
        if (adapt.select == AdaptConfig::Select::entropy &&
            (done % adapt.select_every == 0 || done == steps)) {
            offer_head(loop, done);
        }
        progress.advance(1, result.loss.defined()
                                ? fmt::format("loss {:.4f}", result.loss.item<double>())
                                : std::string());
        end_step(loop.folder, loop.config, loop.plan, step, loop.heads, loop.optimiser,
                 [&] { return metrics_of(result, source, loop.config.model.classes); });
    }
    return true;
}

void self_train(const AdaptRunConfig& config, const std::filesystem::path& run,
                const Started& started) {
    const Labelling labelling = labelling_of(config.setting, "source");
    require_same_classes(config.model, labelling);
    const datasets::Mixture labelled(config.train);
    require_labels(labelling, labelled);
    const TargetScans unlabelled(config);
    AdaptRunConfig on_target = config;
    on_target.seed ^= target_seed;
    const Plan plan(config, labelled);
    const Plan target_plan(on_target, unlabelled.mixture());
    auto network = start_network(config);
    SelfTraining heads(config.adapt, config.loss.lovasz, network->head());
    heads.to(device_of(config));
    AdamW optimiser(trained_parameters(heads.student()), adamw_config(config));
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    const std::int64_t first = resume(folder, heads, optimiser);
    const TokenSource source(
        run / "cache/source", "source tokens", config, config.cache,
        [&](const datasets::Frame& frame) { return labelling.scan(frame); }, labelled, *network);
    const TokenSource target(run / "cache/target", "target tokens", on_target, on_target.cache,
                             unlabelled.scan_of(), unlabelled.mixture(), *network);
    if (first == 0 && config.adapt.statistics == AdaptConfig::Statistics::target) {
        take_target_statistics(heads, target, device_of(config));
    }
    const bool confident =
        train_heads({config, plan, target_plan, source, target, heads, optimiser, folder}, first);
    if (!confident) {
        std::filesystem::remove_all(run / "cache");
        fail_unconfident(config, heads.highest_confidence());
    }
    const models::Head& kept =
        config.adapt.select == AdaptConfig::Select::entropy ? heads.best() : heads.result();
    models::load_state(network->head(), models::state_of(kept), "adapted head");
    formats::ModelDescription description = config.model;
    add_origin(labelled, description.provenance);
    add_origin(unlabelled.mixture(), description.provenance);
    write_result(folder, config, description, *network,
                 labelled.size() + unlabelled.mixture().size());
    std::filesystem::remove_all(run / "cache");
}

}  // namespace

void adapt(const AdaptRunConfig& config, const std::filesystem::path& run, const Started& started) {
    if (config.adapt.method == AdaptConfig::Method::adabn) {
        adapt_statistics(config, run, started);
    } else {
        self_train(config, run, started);
    }
}

}  // namespace distillar::training
