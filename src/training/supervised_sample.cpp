#include "training/supervised_sample.hpp"

#include "training/run.hpp"

namespace distillar::training {

geometry::Sample augmented_sample(const geometry::Scan& scan, const RunConfig& config,
                                  const Draw& draw) {
    base::Random random(config.seed, draw.epoch, draw.position, augmentation_stream);
    return geometry::preprocess(scan, config.model.input, &config.augmentation, &random);
}

models::TorchBatch batch_of(const std::vector<geometry::Sample>& samples,
                            const geometry::InputSpec& input, torch::Device device) {
    std::vector<const geometry::Sample*> scans;
    for (const auto& sample : samples) {
        scans.push_back(&sample);
    }
    return models::to_torch(geometry::make_batch(scans, input.grids), device);
}

models::TorchBatch supervised_batch(const datasets::Mixture& mixture, const Labelling& labelling,
                                    const RunConfig& config, const std::vector<Draw>& draws) {
    std::vector<geometry::Sample> samples;
    for (const auto& draw : draws) {
        samples.push_back(
            augmented_sample(labelling.scan(*mixture.read(draw.frame)), config, draw));
    }
    return batch_of(samples, config.model.input, device_of(config));
}

std::map<std::string, double> supervised_metrics(const torch::Tensor& logits,
                                                 const torch::Tensor& labels, double loss) {
    if (!labels.defined()) {  // a step without a point
        return {};
    }
    const torch::Tensor counted = labels.ne(geometry::ignore_label);
    const auto points = counted.sum().item<double>();
    const auto right =
        logits.detach().argmax(1).eq(labels).logical_and(counted).sum().item<double>();
    return {{"loss", loss}, {"accuracy", points > 0 ? right / points : 0}};
}

void require_labels(const Labelling& labelling, const datasets::Mixture& mixture) {
    for (std::size_t i = 0; i < mixture.parts(); ++i) {
        require_labels(labelling, mixture.part(i), mixture.selection(i).path.string());
    }
}

}  // namespace distillar::training
