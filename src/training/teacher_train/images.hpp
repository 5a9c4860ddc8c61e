#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/image.hpp"
#include "models/torch.hpp"
#include "training/teacher_train/config.hpp"

namespace distillar::training {

struct ImageFile {
    std::filesystem::path image;
    std::filesystem::path classes;  ///< its true classes; "" if there are none
};

/// All JPEG and PNG images below the folders, in order of name within each; what lies in `extras`
/// or in nuScenes' `maps` is no image. Classes of ROOT/CAMERA/STEM.jpg and of
/// ROOT/samples/CAMERA/STEM.jpg lie where `distillar simulate` puts them, in
/// ROOT/extras/classes/CAMERA/STEM.png (docs/simulation.md).
/// @param with_classes  every image must have them.
/// @throws base::Error naming the folder without images, or the image without classes or with
///         classes of another size.
std::vector<ImageFile> find_images(const std::vector<std::filesystem::path>& folders,
                                   bool with_classes);

/// Part of an image, in shares of its sides: (0, 0, 1, 1) is all of it.
struct Window {
    double top = 0;
    double left = 0;
    double height = 1;
    double width = 1;
    bool mirrored = false;
};

/// 3 x rows x columns float32 in [0, 1]: plain bilinear between pixel centres, without
/// antialiasing, as DINOv2's teacher resizes.
torch::Tensor cut_out(const formats::Image& image, const Window& window, std::int64_t rows,
                      std::int64_t columns);

/// rows x columns int64: classes 0..C-1 or 255 at the middles of a grid's cells over the window.
/// @throws base::Error naming the file if a pixel has an id that the taxonomy does not know.
torch::Tensor classes_in(const std::filesystem::path& file, const datasets::Taxonomy& taxonomy,
                         const Window& window, std::int64_t rows, std::int64_t columns);

/// The class that has most of each cell x cell block of a grid of classes (255: none has any; of
/// equals the lowest): (rows / cell) x (columns / cell) int64.
torch::Tensor majority_of(const torch::Tensor& classes, std::int64_t cell,
                          std::int64_t class_count);

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
