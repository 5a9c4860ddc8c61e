#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "formats/image.hpp"
#include "geometry/camera.hpp"
#include "models/image_network.hpp"
#include "models/torch.hpp"

namespace distillar::models {

/// The features of one image: rows x columns x channels float32 (CPU), row-major.
struct FeatureGrid {
    torch::Tensor values;
    CellGeometry geometry = CellGeometry::centres;
    int image_width = 0;  ///< of the original image, pixels
    int image_height = 0;
    int input_width = 0;  ///< of the network's input, pixels; used by `corners` alone
    int input_height = 0;
};

/// Some of the images that a teacher is about to see, asked for only where they are needed.
using ImagesToSee = std::function<std::vector<std::filesystem::path>()>;

/// A frozen image network: image in, grid of features out.
class Teacher {
public:
    virtual ~Teacher() = default;
    virtual std::string name() const = 0;
    virtual std::int64_t channels() const = 0;
    virtual std::string licence() const = 0;  ///< of the weights; "" if unknown
    /// What decides its features and is not in its name: hashes of its files, options.
    virtual std::string fingerprint() const { return ""; }
    /// Cells of every grid; 0: that depends on the image.
    virtual std::int64_t cells() const { return 0; }
    /// @throws base::Error naming the image (or its feature file) if there are no features for it.
    virtual FeatureGrid features(const std::filesystem::path& image) = 0;

    /// Before the first features(), when work has begun.
    virtual void prepare(const ImagesToSee&) {}
    /// After the last features(): puts on disk what is worth keeping.
    /// @throws base::Error if that fails.
    virtual void finish() {}
};

/// 1 x 3 x height x width in [0, 1], resized by plain bilinear interpolation.
torch::Tensor image_tensor(const formats::Image& image, int height, int width);

/// B x 3 x H x W in [0, 1] minus ImageNet's mean, over its standard deviation.
torch::Tensor normalised_as_imagenet(const torch::Tensor& images);

/// Features at the points' pixels, bilinear between cells: P x channels. Beyond the outermost cell
/// centres the border cells extend to the image's edge.
/// @throws base::Error if the grid is empty or its sizes are not set.
torch::Tensor sample_features(const FeatureGrid& grid,
                              const std::vector<geometry::PointPixel>& pixels);

}  // namespace distillar::models
