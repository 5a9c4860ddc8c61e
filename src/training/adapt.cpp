#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "evaluation/entropy.hpp"
#include "inference/evaluate.hpp"
#include "losses/entropy.hpp"
#include "models/state.hpp"
#include "training/adabn.hpp"
#include "training/result.hpp"
#include "training/run.hpp"
#include "training/samples.hpp"
#include "training/self_training.hpp"
#include "training/stages.hpp"
#include "training/training_loop.hpp"

namespace distillar::training {

namespace {

/// How large a part of `among` is in `of`, too.
double fraction(const torch::Tensor& of, const torch::Tensor& among) {
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
    metrics["target.agreement"] =
        fraction(step.target_logits.argmax(1).eq(step.pseudo.classes), all);
    metrics["target.kept"] = fraction(kept, all);
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const auto own = step.pseudo.classes.eq(static_cast<std::int64_t>(i));
        metrics["target.kept." + classes[i].name] = fraction(kept, own);
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

/// @return false as soon as the target is without one confident point for too long.
bool train_heads(const AdaptRunConfig& config, const TokenSource& sources,
                 const TokenSource& targets, SelfTraining& heads, TrainingLoop& loop,
                 RunFolder& folder) {
    const AdaptConfig& adapt = config.adapt;
    const torch::Device device = device_of(config);
    const std::int64_t patience =
        adapt.give_up_steps > 0 ? std::min(adapt.give_up_steps, loop.steps()) : loop.steps();
    auto batches = loop.prefetch(
        [&](std::int64_t step) { return std::pair(sources.read(step), targets.read(step)); });
    while (const auto batch = batches.next()) {
        const TokenBatch source = batch->first.to(device);
        const std::int64_t done = loop.step() + 1;
        SelfTrainingStep step;
        std::optional<double> loss;
        if (source.labels.defined()) {  // else all its crops lie outside the field of view
            const TokenBatch target = batch->second.to(device);
            step = heads.step(source, target);
            loss = loop.descend(step.loss, {{"source.tokens", source.tokens},
                                            {"source.labels", source.labels},
                                            {"target.tokens", target.tokens}});
            heads.update_teacher(done);
        }
        if (done >= patience && heads.confident_points() == 0) {
            return false;
        }
        if (adapt.select == AdaptConfig::Select::entropy &&
            (done % adapt.select_every == 0 || done == loop.steps())) {
            const double entropy =
                target_entropy(heads.result(), targets, adapt.select_scans, device);
            folder.log_metrics(done, {{"target.selection_entropy", entropy}});
            heads.offer(entropy);
        }
        if (loop.logs()) {
            loop.log(metrics_of(step, source, config.model.classes));
        }
        loop.end_step(loss);
    }
    return true;
}

void self_train(const AdaptRunConfig& config, const std::filesystem::path& run,
                const Started& started) {
    const datasets::Labelling labelling = datasets::labelling_of(config.setting, "source");
    inference::require_same_classes(config.model, labelling);
    const datasets::Mixture labelled(config.train);
    require_labels(labelling, labelled);
    const TargetScans unlabelled(config);
    const Sampler sampler(labelled, config.seed, config.batch);
    const Sampler target_sampler(unlabelled.mixture(), target_seed(config.seed), config.batch);
    const Schedule schedule(config, sampler.epoch_size());
    auto network = start_network(config, config.model);
    SelfTraining heads(config.adapt, config.loss.lovasz, network->head());
    heads.to(device_of(config));
    AdamW optimiser(trained_parameters(heads.student()), adamw_config(config));
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    TrainingLoop loop(config, schedule, folder, heads, optimiser);
    const TokenSource sources(
        run / "cache/source", "source tokens", config, config.cache,
        [&](const datasets::Frame& frame) { return labelling.scan(frame); }, sampler, *network);
    const TokenSource targets(run / "cache/target", "target tokens", config, config.cache,
                              unlabelled.scan_of(), target_sampler, *network);
    if (loop.step() == 0 && config.adapt.statistics == AdaptConfig::Statistics::target) {
        take_target_statistics(heads, targets, device_of(config));
    }
    if (!train_heads(config, sources, targets, heads, loop, folder)) {
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
