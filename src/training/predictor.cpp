#include "training/predictor.hpp"

#include "base/error.hpp"
#include "models/described.hpp"
#include "models/torch.hpp"
#include "training/device.hpp"
#include "training/prediction.hpp"

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
    const geometry::Sample sample =
        geometry::preprocess(scan, description_.input, nullptr, nullptr);
    if (sample.size() == 0) {
        return empty_prediction(static_cast<std::size_t>(scan.points.rows()));
    }
    const auto batch = models::to_torch(geometry::make_batch({&sample}, description_.input.grids),
                                        device_named(device_));
    return prediction_of(network_->forward(batch), scan, sample);
}

}  // namespace distillar::training
