#include "training/fused_predictor.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "models/described.hpp"
#include "training/cross_modal.hpp"
#include "training/device.hpp"
#include "training/prediction.hpp"
#include "training/teacher.hpp"

namespace distillar::training {

FusedPredictor::FusedPredictor(const std::filesystem::path& model,
                               const std::optional<TeacherConfig>& teacher,
                               const std::string& device)
    : source_(model.string()), device_(device) {
    const formats::ModelFile file = formats::read_model(model);
    description_ = file.description;
    network_ = models::load_fused(file, source_);
    network_->to(device_named(device_));
    network_->eval();
    contract_.emplace(description_, source_);
    if (teacher) {
        teacher_ = open_teacher(*teacher, device_named(device_));
        require_same_teacher();
    }
}

FusedPredictor::~FusedPredictor() = default;

void FusedPredictor::require_same_teacher() const {
    const auto& fusion = *description_.fusion;
    const std::string& name = description_.provenance.teacher;
    if (teacher_->name() != name || teacher_->channels() != fusion.image_channels) {
        base::fail("{}: was trained with the teacher {} ({} channels), not with {} ({})", source_,
                   name, fusion.image_channels, teacher_->name(), teacher_->channels());
    }
    if (teacher_->fingerprint() != fusion.teacher_fingerprint) {
        base::fail(
            "{}: was trained with other weights (or another input size or PCA) of the teacher {}; "
            "give the `teacher` of its run's config.yaml",
            source_, name);
    }
}

void FusedPredictor::check(const datasets::Frame& frame) const {
    contract_->check(frame);
    if (!teacher_ && !frame.views.empty()) {
        base::fail(
            "{}: looks at images by {}: name a config with that `teacher`, such as its run's "
            "config.yaml, by --teacher FILE; or leave the images out by --cameras none",
            source_, description_.provenance.teacher);
    }
}

void FusedPredictor::finish() {
    if (teacher_) {
        teacher_->finish();
    }
}

Prediction FusedPredictor::predict(const datasets::Frame& frame) {
    check(frame);
    if (frame.views.empty() && !said_) {
        spdlog::warn("{}: {} has no image: the model's student segments such frames by lidar alone",
                     source_, frame.id);
        said_ = true;
    }
    const torch::NoGradGuard no_grad;
    const geometry::Scan scan = contract_->align(frame);
    CrossModalSample sample;
    sample.sample = geometry::preprocess(scan, description_.input, nullptr, nullptr);
    if (sample.sample.size() == 0) {
        return empty_prediction(static_cast<std::size_t>(scan.points.rows()));
    }
    const torch::Device device = device_named(device_);
    const auto batch =
        models::to_torch(geometry::make_batch({&sample.sample}, description_.input.grids), device);
    if (frame.views.empty()) {
        return prediction_of(network_->student().forward(batch), scan, sample.sample);
    }
    sample.seen = seen_features(look_through(frame.views, frame.points), sample.sample,
                                static_cast<std::size_t>(frame.points.rows()), *teacher_);
    models::PointViews views = point_views({sample});
    views = {views.point.to(device), views.features.to(device)};
    return prediction_of(network_->forward(batch, views).fused_logits, scan, sample.sample);
}

}  // namespace distillar::training
