#include "inference/prediction.hpp"

namespace distillar::inference {

Prediction empty_prediction(std::size_t points) {
    Prediction prediction;
    prediction.classes.assign(points, geometry::ignore_label);
    prediction.confidence.assign(points, 0.0F);
    return prediction;
}

Prediction prediction_of(const torch::Tensor& logits, const geometry::Scan& scan,
                         const geometry::Sample& sample) {
    const auto points = static_cast<std::size_t>(scan.points.rows());
    Prediction prediction = empty_prediction(points);
    const torch::Tensor here = logits.to(torch::kCPU).contiguous();
    prediction.entropy.add({here.data_ptr<float>(), static_cast<std::size_t>(here.numel())},
                           static_cast<std::size_t>(here.size(1)));
    const auto [confidence, classes] = torch::softmax(here, 1).max(1);
    const torch::Tensor kept_classes = classes.to(torch::kUInt8).contiguous();
    const torch::Tensor kept_confidence = confidence.contiguous();
    const auto nearest = geometry::nearest_kept(scan, sample);
    for (std::size_t i = 0; i < points; ++i) {
        prediction.classes[i] = kept_classes.data_ptr<std::uint8_t>()[nearest[i]];
        prediction.confidence[i] = kept_confidence.data_ptr<float>()[nearest[i]];
    }
    return prediction;
}

}  // namespace distillar::inference
