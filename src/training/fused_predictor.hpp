#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "training/config.hpp"
#include "training/predictor.hpp"

namespace distillar::models {
class Fused;
class Teacher;
}  // namespace distillar::models

namespace distillar::training {

/// A fused model, ready to segment frames with the images that belong to them. A frame without any
/// takes the student's classes, and the first one is said in the log.
class FusedPredictor {
public:
    /// @param teacher  the image network that the model was trained with; none: no images.
    /// @param device   "cpu" or "cuda".
    /// @throws base::Error if the file is no fused model, or the teacher is another one.
    FusedPredictor(const std::filesystem::path& model, const std::optional<TeacherConfig>& teacher,
                   const std::string& device);
    ~FusedPredictor();

    /// As Predictor::predict.
    Prediction predict(const datasets::Frame& frame);
    const formats::ModelDescription& description() const { return description_; }

    /// After the last frame: puts the teacher's features on disk.
    void finish();

    /// @throws base::Error if the frame cannot give an input feature, or has images and there is no
    ///         teacher to look at them.
    void check(const datasets::Frame& frame) const;

private:
    void require_same_teacher() const;

    std::string source_;
    formats::ModelDescription description_;
    std::shared_ptr<models::Fused> network_;
    std::optional<SensorContract> contract_;
    std::unique_ptr<models::Teacher> teacher_;
    std::string device_;
    bool said_ = false;
};

}  // namespace distillar::training
