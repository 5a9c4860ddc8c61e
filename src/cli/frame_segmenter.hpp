#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "runtime/segmenter.hpp"
#include "training/fused_predictor.hpp"
#include "training/predictor.hpp"

namespace distillar::cli {

/// Which model, and what runs it.
struct ModelOptions {
    std::filesystem::path model;
    std::string device = "cpu";
    std::string precision = "fp32";
    std::filesystem::path teacher;  ///< config whose image network a fused model looks with
    bool trust = false;

    /// --model, --device, --precision, --teacher, --trust. The object must live as long as the
    /// command.
    void add_to(CLI::App& command);
};

/// A model file, ready to segment a data set's frames: by the deployment runtime on the CPU, by
/// LibTorch on CUDA; a fused model by LibTorch. All align scans with the model's sensor and warn in
/// the same way.
class FrameSegmenter {
public:
    /// @param with_entropy  predictions tell their entropy.
    /// @throws base::Error if the file is no segmentation model, or the device or precision is not
    ///         there.
    FrameSegmenter(const ModelOptions& options, bool with_entropy);

    /// As training::Predictor::predict.
    training::Prediction predict(const datasets::Frame& frame);

    const formats::ModelDescription& description() const;

    /// Whether frames are to come with their images: it is a fused model.
    bool needs_images() const { return fused_ != nullptr; }

    /// After the last frame.
    void finish();

    /// @throws base::Error if the frame cannot give an input feature.
    void check(const datasets::Frame& frame) const;

private:
    struct Runtime {
        std::shared_ptr<const runtime::Model> model;
        training::SensorContract contract;
        runtime::Segmenter segmenter;
    };
    void open_fused(const ModelOptions& options);
    training::Prediction predict_here(const datasets::Frame& frame);

    std::unique_ptr<Runtime> runtime_;  ///< or `torch_`, or `fused_`
    std::unique_ptr<training::Predictor> torch_;
    std::unique_ptr<training::FusedPredictor> fused_;
    bool with_entropy_;
};

}  // namespace distillar::cli
