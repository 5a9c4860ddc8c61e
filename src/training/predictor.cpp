#include "training/predictor.hpp"

#include "base/error.hpp"
#include "models/described.hpp"
#include "models/torch.hpp"
#include "training/device.hpp"

namespace distillar::training {

Predictor::Predictor(const std::filesystem::path& model, const std::string& device)
    : device_(device) {
    const formats::ModelFile file = formats::read_model(model);
    description_ = file.description;
    if (description_.classes.empty()) {
        base::fail_in(model, "is a backbone without classes; train a head first: distillar probe");
    }
    contract_.emplace(description_, model.string());
    network_ = models::load_network(file, model.string());
    network_->to(device_named(device_));
    network_->eval();
}

Prediction Predictor::predict(const datasets::Frame& frame) {
    const torch::NoGradGuard no_grad;
    const geometry::Scan scan = contract_->align(frame);
    const auto points = static_cast<std::size_t>(frame.points.rows());
    Prediction prediction;
    prediction.classes.assign(points, geometry::ignore_label);
    prediction.confidence.assign(points, 0.0F);
    const geometry::Sample sample =
        geometry::preprocess(scan, description_.input, nullptr, nullptr);
    if (sample.size() == 0) {
        return prediction;
    }
    const auto batch = models::to_torch(geometry::make_batch({&sample}, description_.input.grids),
                                        device_named(device_));
    const torch::Tensor logits = network_->forward(batch).to(torch::kCPU).contiguous();
    prediction.entropy.add({logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())},
                           description_.classes.size());
    const auto [confidence, classes] = torch::softmax(logits, 1).max(1);
    const torch::Tensor kept_classes = classes.to(torch::kUInt8).contiguous();
    const torch::Tensor kept_confidence = confidence.contiguous();
    const auto nearest = geometry::nearest_kept(scan, sample);
    for (std::size_t i = 0; i < points; ++i) {
        prediction.classes[i] = kept_classes.data_ptr<std::uint8_t>()[nearest[i]];
        prediction.confidence[i] = kept_confidence.data_ptr<float>()[nearest[i]];
    }
    return prediction;
}

}  // namespace distillar::training
