#include "inference/frame_predictor.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/thread_pool.hpp"
#include "inference/seen_features.hpp"
#include "models/described.hpp"
#include "models/machine.hpp"
#include "runtime/precision_names.hpp"
#include "runtime/segmenter.hpp"

namespace distillar::inference {

namespace {

models::TorchBatch batch_of(const geometry::Sample& sample, const geometry::InputSpec& input,
                            torch::Device device) {
    return models::to_torch(geometry::make_batch({&sample}, input.grids), device);
}

/// The deployment runtime.
class RuntimePredictor : public FramePredictor {
public:
    RuntimePredictor(const formats::ModelFile& file, const std::string& source,
                     const PredictorOptions& options)
        : FramePredictor(file.description, source),
          segmenter_(std::make_shared<const runtime::Model>(file, source, options.precision),
                     segmenter_options(options.with_entropy)) {}

    Prediction predict(const datasets::Frame& frame) override {
        contract_.check(frame);
        Prediction prediction = empty_prediction(static_cast<std::size_t>(frame.points.rows()));
        segmenter_.segment(datasets::scan_of(frame, nullptr), prediction.classes,
                           prediction.confidence);
        contract_.warn(frame, segmenter_.findings());
        prediction.entropy.add(segmenter_.logits(), description_.classes.size());
        return prediction;
    }

private:
    static runtime::SegmenterOptions segmenter_options(bool keep_logits) {
        runtime::SegmenterOptions options;
        options.threads = base::thread_count();
        options.keep_logits = keep_logits;
        return options;
    }

    runtime::Segmenter segmenter_;
};

/// The training network.
class TorchPredictor : public FramePredictor {
public:
    TorchPredictor(const formats::ModelFile& file, const std::string& source, torch::Device device)
        : FramePredictor(file.description, source),
          device_(device),
          network_(models::load_network(file, source)) {
        network_->to(device_);
        network_->eval();
    }

    Prediction predict(const datasets::Frame& frame) override {
        const torch::NoGradGuard no_grad;
        const geometry::Scan scan = contract_.align(frame);
        const auto sample = geometry::preprocess(scan, description_.input, nullptr, nullptr);
        if (sample.size() == 0) {
            return empty_prediction(static_cast<std::size_t>(scan.points.rows()));
        }
        return prediction_of(network_->forward(batch_of(sample, description_.input, device_)), scan,
                             sample);
    }

private:
    torch::Device device_;
    std::shared_ptr<models::Network> network_;
};

/// A fused network. A frame without images takes its student's classes, and the first one is said.
class FusedPredictor : public FramePredictor {
public:
    FusedPredictor(const formats::ModelFile& file, const std::string& source, torch::Device device,
                   std::unique_ptr<models::Teacher> teacher)
        : FramePredictor(file.description, source),
          device_(device),
          network_(models::load_fused(file, source)),
          teacher_(std::move(teacher)) {
        network_->to(device_);
        network_->eval();
        if (teacher_) {
            require_same_teacher();
        }
    }

    void check(const datasets::Frame& frame) const override {
        FramePredictor::check(frame);
        if (!teacher_ && !frame.views.empty()) {
            base::fail(
                "{}: looks at images by {}: name a config with that `teacher`, such as its run's "
                "config.yaml, by --teacher FILE; or leave the images out by --cameras none",
                source_, description_.provenance.teacher);
        }
    }

    bool needs_images() const override { return true; }

    void finish() override {
        if (teacher_) {
            teacher_->finish();
        }
    }

    Prediction predict(const datasets::Frame& frame) override {
        check(frame);
        if (frame.views.empty() && !said_) {
            spdlog::warn(
                "{}: {} has no image: the model's student segments such frames by lidar alone",
                source_, frame.id);
            said_ = true;
        }
        const torch::NoGradGuard no_grad;
        const geometry::Scan scan = contract_.align(frame);
        SeenSample sample{geometry::preprocess(scan, description_.input, nullptr, nullptr), {}};
        if (sample.sample.size() == 0) {
            return empty_prediction(static_cast<std::size_t>(scan.points.rows()));
        }
        const auto batch = batch_of(sample.sample, description_.input, device_);
        if (frame.views.empty()) {
            return prediction_of(network_->student().forward(batch), scan, sample.sample);
        }
        sample.seen = seen_features(look_through(frame.views, frame.points), sample.sample,
                                    static_cast<std::size_t>(frame.points.rows()), *teacher_);
        models::PointViews views = point_views({sample});
        views = {views.point.to(device_), views.features.to(device_)};
        return prediction_of(network_->forward(batch, views).fused_logits, scan, sample.sample);
    }

private:
    void require_same_teacher() const {
        const auto& fusion = *description_.fusion;
        const std::string& name = description_.provenance.teacher;
        if (teacher_->name() != name || teacher_->channels() != fusion.image_channels) {
            base::fail("{}: was trained with the teacher {} ({} channels), not with {} ({})",
                       source_, name, fusion.image_channels, teacher_->name(),
                       teacher_->channels());
        }
        if (teacher_->fingerprint() != fusion.teacher_fingerprint) {
            base::fail(
                "{}: was trained with other weights (or another input size or PCA) of the teacher "
                "{}; give the `teacher` of its run's config.yaml",
                source_, name);
        }
    }

    torch::Device device_;
    std::shared_ptr<models::Fused> network_;
    std::unique_ptr<models::Teacher> teacher_;
    bool said_ = false;
};

/// Whether the deployment runtime is to run the model; else LibTorch.
bool takes_runtime(const formats::ModelFile& file, const std::string& source,
                   const PredictorOptions& options) {
    const bool engine = runtime::has_engine(file.description);
    if (options.device == "cpu" && options.runtime && engine) {
        return true;
    }
    if (options.precision != runtime::Precision::fp32) {
        const std::string name = runtime::name_of(options.precision);
        base::fail("precision {} is of the CPU's deployment runtime{}; leave out --precision{}",
                   name,
                   engine ? "" : ", which has no engine for " + file.description.backbone.name,
                   options.device == "cpu" ? "" : " or --device " + options.device);
    }
    if (!engine && options.device == "cpu") {
        spdlog::info("{}: LibTorch runs it: the deployment runtime has no engine for {}", source,
                     file.description.backbone.name);
    }
    return false;
}

}  // namespace

std::unique_ptr<FramePredictor> open_predictor(const formats::ModelFile& file,
                                               const std::string& source,
                                               PredictorOptions options) {
    if (file.description.classes.empty()) {
        base::fail("{}: is a backbone without classes; train a head first: distillar probe",
                   source);
    }
    if (file.description.fusion) {
        return std::make_unique<FusedPredictor>(file, source, models::device_named(options.device),
                                                std::move(options.teacher));
    }
    if (takes_runtime(file, source, options)) {
        runtime::require_supported(options.precision);
        return std::make_unique<RuntimePredictor>(file, source, options);
    }
    return std::make_unique<TorchPredictor>(file, source, models::device_named(options.device));
}

}  // namespace distillar::inference
