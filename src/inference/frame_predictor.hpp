#pragma once
#include <memory>
#include <string>

#include "datasets/frame.hpp"
#include "formats/model_file.hpp"
#include "inference/prediction.hpp"
#include "inference/sensor_contract.hpp"
#include "models/teacher.hpp"
#include "runtime/model.hpp"

namespace distillar::inference {

/// A segmentation model, ready for the frames of data sets. Three forms: the deployment runtime on
/// the CPU; LibTorch, on a GPU, or for a backbone that the runtime has no engine for; and a fused
/// model, which looks at images too. All bring scans to the model's sensor contract first, and warn
/// in the same way.
class FramePredictor {
public:
    virtual ~FramePredictor() = default;

    /// The whole scan, no augmentation; points the network did not see take their nearest kept
    /// point's class. @throws base::Error as check().
    virtual Prediction predict(const datasets::Frame& frame) = 0;

    /// @throws base::Error if the frame cannot give an input feature, or has images and the model
    ///         has no teacher to look at them.
    virtual void check(const datasets::Frame& frame) const { contract_.check(frame); }

    /// Whether frames are to come with their images.
    virtual bool needs_images() const { return false; }
    /// After the last frame: puts what a teacher computed on disk.
    virtual void finish() {}

    const formats::ModelDescription& description() const { return description_; }

protected:
    FramePredictor(const formats::ModelDescription& description, std::string source)
        : description_(description), source_(source), contract_(description, std::move(source)) {}

    formats::ModelDescription description_;
    std::string source_;
    SensorContract contract_;
};

struct PredictorOptions {
    std::string device = "cpu";                               ///< or "cuda"
    runtime::Precision precision = runtime::Precision::fp32;  ///< of the runtime
    bool with_entropy = true;                                 ///< predictions tell their entropy
    bool runtime = true;                                      ///< false: LibTorch on the CPU, too
    /// Of a fused model: the image network that it was trained with; none: no images.
    std::unique_ptr<models::Teacher> teacher = nullptr;
};

/// @param source  the model's file, for messages.
/// @throws base::Error if the file is no segmentation model, the teacher is another one than the
///         model's, or the device or precision is not there.
std::unique_ptr<FramePredictor> open_predictor(const formats::ModelFile& file,
                                               const std::string& source,
                                               PredictorOptions options = {});

}  // namespace distillar::inference
