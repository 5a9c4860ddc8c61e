#pragma once
#include "base/random.hpp"
#include "training/teacher_train/config.hpp"
#include "training/teacher_train/images.hpp"

namespace distillar::training {

/// A window of random area, aspect and place, whole inside the image; mirrored or not.
Window random_window(const ImageAugmentation& augmentation, base::Random& random);

/// Brightness, contrast about the mean grey and saturation about each pixel's grey, in this order,
/// clipped to [0, 1]. @param image  3 x H x W in [0, 1].
torch::Tensor random_colors(const torch::Tensor& image, double most, base::Random& random);

/// Which images a step sees: epochs of all images in random order follow each other without a gap.
struct ImageDraw {
    std::uint64_t epoch;
    std::uint64_t position;  ///< in the epoch
    std::size_t image;
};
std::vector<ImageDraw> image_draws(const TeacherTrainConfig& config, std::size_t images,
                                   std::int64_t step);

/// What the objectives learn from. T: patches of the input.
struct TeacherBatch {
    torch::Tensor images;   ///< B x 3 x H x W in [0, 1]
    torch::Tensor classes;  ///< supervised: B x T x cells^2 int64, 255: none
    torch::Tensor order;    ///< masked: B x T int64, a permutation; its last ones are hidden
};

/// The images of a step, with what else the config's objective needs; the same for the same step.
TeacherBatch teacher_batch(const TeacherTrainConfig& config, const std::vector<ImageFile>& images,
                           std::int64_t step);

/// Frequencies of the classes over whole images, sampled at the middles of the input's patches:
/// C values that sum to 1. Shows progress.
std::vector<double> class_frequencies(const TeacherTrainConfig& config,
                                      const std::vector<ImageFile>& images);

}  // namespace distillar::training
