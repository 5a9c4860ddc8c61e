#include "inference/evaluate.hpp"

#include "base/error.hpp"
#include "base/progress.hpp"
#include "datasets/skip_bad.hpp"
#include "evaluation/metrics.hpp"

namespace distillar::inference {

void require_same_classes(const formats::ModelDescription& model,
                          const datasets::Labelling& labelling) {
    if (model.class_set != labelling.taxonomy.class_set) {
        base::fail(
            "the model's classes are '{}' ({} classes), the setting's are '{}' ({}); choose a "
            "setting of the model's classes",
            model.class_set, model.classes.size(), labelling.taxonomy.class_set,
            labelling.taxonomy.classes.size());
    }
}

namespace {

/// Points that no camera sees do not count.
void ignore_unseen(const datasets::Frame& frame, std::vector<std::uint8_t>& truth) {
    std::vector<bool> seen(truth.size(), false);
    for (const auto& view : frame.views) {
        for (const auto& pixel :
             geometry::project(frame.points, view.camera, view.T_camera_lidar, view.border)) {
            seen[pixel.point] = true;
        }
    }
    for (std::size_t i = 0; i < truth.size(); ++i) {
        truth[i] = seen[i] ? truth[i] : geometry::ignore_label;
    }
}

struct Judged {
    datasets::Frame frame;
    std::vector<std::uint8_t> truth;
    Prediction prediction;
};

}  // namespace

Evaluation evaluate(FramePredictor& predictor, const datasets::Dataset& dataset,
                    const datasets::Labelling& labelling, const EachFrame& each,
                    EvaluationRules rules) {
    Evaluation result{evaluation::ConfusionMatrix(labelling.taxonomy.classes.size()), {}, {}};
    base::Progress progress("evaluate", dataset.size());
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        progress.advance();
        if (!dataset.labelled(i)) {
            continue;
        }
        auto judged = datasets::unless_bad(rules.skip_bad, [&] {
            Judged work{dataset.read(i), {}, {}};
            work.truth = labelling.scan(work.frame).labels;
            work.prediction = predictor.predict(work.frame);
            return work;
        });
        if (!judged) {
            ++result.skipped;
            continue;
        }
        auto& [frame, truth, prediction] = *judged;
        if (rules.seen_only) {
            ignore_unseen(frame, truth);
        }
        evaluation::ConfusionMatrix counts(labelling.taxonomy.classes.size());
        counts.add(truth, prediction.classes);
        result.confusion.merge(counts);
        result.entropy.merge(prediction.entropy);
        result.frames.push_back(
            {i, evaluation::metrics_from(counts, labelling.taxonomy.classes).miou});
        if (each) {
            each(frame, truth, prediction);
        }
    }
    return result;
}

}  // namespace distillar::inference
