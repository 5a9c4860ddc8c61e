#include "training/evaluate.hpp"

#include "base/error.hpp"
#include "base/progress.hpp"
#include "evaluation/metrics.hpp"

namespace distillar::training {

void require_same_classes(const formats::ModelDescription& model, const Labelling& labelling) {
    if (model.class_set != labelling.taxonomy.class_set) {
        base::fail(
            "the model's classes are '{}' ({} classes), the setting's are '{}' ({}); choose a "
            "setting of the model's classes",
            model.class_set, model.classes.size(), labelling.taxonomy.class_set,
            labelling.taxonomy.classes.size());
    }
}

Evaluation evaluate(const Predict& predict, const datasets::Dataset& dataset,
                    const Labelling& labelling, const EachFrame& each) {
    Evaluation result{evaluation::ConfusionMatrix(labelling.taxonomy.classes.size()), {}, {}};
    base::Progress progress("evaluate", dataset.size());
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        progress.advance();
        if (!dataset.labelled(i)) {
            continue;
        }
        const datasets::Frame frame = dataset.read(i);
        const std::vector<std::uint8_t> truth = labelling.scan(frame).labels;
        const Prediction prediction = predict(frame);
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

}  // namespace distillar::training
