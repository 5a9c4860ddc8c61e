#include "cli/frame_segmenter.hpp"

#include "base/error.hpp"
#include "cli/command.hpp"
#include "runtime/precision_names.hpp"
#include "training/machine.hpp"

namespace distillar::cli {

void ModelOptions::add_to(CLI::App& command) {
    command.add_option("--model", model, "a segmentation model")->required();
    command.add_option("--device", device, "cpu or cuda")->capture_default_str();
    command.add_option("--precision", precision, "of the network on the CPU")
        ->check(CLI::IsMember(runtime::precision_names()))
        ->capture_default_str();
    command
        .add_option("--teacher", teacher,
                    "of a fused model: a config with the `teacher` that it was trained with, such "
                    "as its run's config.yaml")
        ->type_name("CONFIG");
    add_trust_option(command, trust);
}

FrameSegmenter::FrameSegmenter(const ModelOptions& options, bool with_entropy)
    : with_entropy_(with_entropy) {
    const runtime::Precision precision = runtime::precision_named(options.precision);
    const formats::ModelFile file = formats::read_model(options.model);
    if (file.description.fusion) {
        open_fused(options);
        return;
    }
    if (!options.teacher.empty()) {
        base::fail_in(options.model,
                      "looks at no image, so --teacher means nothing to it; leave that out");
    }
    if (options.device != "cpu") {
        if (precision != runtime::Precision::fp32) {
            base::fail("precision {} is of the CPU; leave out --precision or --device {}",
                       options.precision, options.device);
        }
        training::set_up_machine();
        torch_ = std::make_unique<training::Predictor>(options.model, options.device);
        return;
    }
    runtime::require_supported(precision);
    const auto model =
        std::make_shared<const runtime::Model>(file, options.model.string(), precision);
    runtime::SegmenterOptions wanted;
    wanted.threads = base::thread_count();
    wanted.keep_logits = with_entropy;
    runtime_ = std::unique_ptr<Runtime>(new Runtime{
        model, {model->description(), model->source()}, runtime::Segmenter(model, wanted)});
}

void FrameSegmenter::open_fused(const ModelOptions& options) {
    if (options.precision != "fp32") {
        base::fail_in(options.model, "is a fused model, which runs in fp32; leave out --precision");
    }
    training::set_up_machine();
    std::optional<training::TeacherConfig> teacher;
    if (!options.teacher.empty()) {
        teacher = training::load_teacher(options.teacher);
        teacher->trusted = options.trust;
    }
    fused_ = std::make_unique<training::FusedPredictor>(options.model, teacher, options.device);
}

void FrameSegmenter::finish() {
    if (fused_) {
        fused_->finish();
    }
}

const formats::ModelDescription& FrameSegmenter::description() const {
    if (fused_) {
        return fused_->description();
    }
    return runtime_ ? runtime_->model->description() : torch_->description();
}

void FrameSegmenter::check(const datasets::Frame& frame) const {
    if (fused_) {
        fused_->check(frame);
        return;
    }
    runtime_ ? runtime_->contract.check(frame) : torch_->check(frame);
}

training::Prediction FrameSegmenter::predict(const datasets::Frame& frame) {
    if (fused_) {
        return fused_->predict(frame);
    }
    return runtime_ ? predict_here(frame) : torch_->predict(frame);
}

training::Prediction FrameSegmenter::predict_here(const datasets::Frame& frame) {
    const geometry::Scan scan = runtime_->contract.align(frame);
    const auto points = static_cast<std::size_t>(scan.points.rows());
    training::Prediction prediction;
    prediction.classes.resize(points);
    prediction.confidence.resize(points);
    runtime_->segmenter.segment(scan, prediction.classes, prediction.confidence);
    if (with_entropy_) {
        prediction.entropy.add(runtime_->segmenter.logits(), description().classes.size());
    }
    return prediction;
}

}  // namespace distillar::cli
