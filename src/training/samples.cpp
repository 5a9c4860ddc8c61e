#include "training/samples.hpp"

#include <algorithm>

#include "inference/sensor_contract.hpp"
#include "training/run.hpp"

namespace distillar::training {

namespace {

std::vector<inference::Seen> look(const datasets::Frame& frame, bool all_cameras,
                                  base::Random* random) {
    if (all_cameras) {
        return inference::look_through(frame.views, frame.points);
    }
    if (frame.views.empty()) {
        return {};
    }
    const auto one = random->below(static_cast<std::uint32_t>(frame.views.size()));
    return {inference::look_through(frame.views[one], frame.points)};
}

std::vector<std::uint32_t> visible_points(const std::vector<inference::Seen>& seen) {
    std::vector<std::uint32_t> points;
    for (const auto& one : seen) {
        for (const auto& pixel : one.pixels) {
            points.push_back(pixel.point);
        }
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    return points;
}

}  // namespace

TargetScans::TargetScans(const RunConfig& config) : mixture_(config.target) {
    const auto contract =
        std::make_shared<inference::SensorContract>(config.model, config.weights.string());
    for (std::size_t part = 0; part < mixture_.parts(); ++part) {
        contract->check(mixture_.part(part).read(0));
    }
    scan_of_ = [contract](const datasets::Frame& frame) { return contract->align(frame); };
}

geometry::Sample augmented_sample(const geometry::Scan& scan, const RunConfig& config,
                                  const Draw& draw) {
    base::Random random = draw.random(augmentation_stream);
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

models::TorchBatch supervised_batch(const datasets::Mixture& mixture,
                                    const datasets::Labelling& labelling, const RunConfig& config,
                                    const std::vector<Draw>& draws) {
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

DistillationSample distillation_sample(const datasets::Frame& frame,
                                       const geometry::InputSpec& input, const ViewConfig& views,
                                       const geometry::Augmentation* augmentation,
                                       base::Random* random, models::Teacher& teacher) {
    const bool all = augmentation == nullptr || views.all_cameras;
    const bool unseen = augmentation == nullptr || views.unseen_points;
    const auto seen = look(frame, all, random);
    const auto visible = unseen ? std::vector<std::uint32_t>{} : visible_points(seen);
    DistillationSample result;
    result.sample = geometry::preprocess(datasets::scan_of(frame, nullptr), input, augmentation,
                                         random, unseen ? nullptr : &visible);
    auto features = inference::seen_features(
        seen, result.sample, static_cast<std::size_t>(frame.points.rows()), teacher);
    result.rows = std::move(features.rows);
    result.features = std::move(features.features);
    return result;
}

}  // namespace distillar::training
