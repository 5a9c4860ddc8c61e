#pragma once
#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "formats/image.hpp"
#include "geometry/camera.hpp"

namespace distillar::models {

/// Where on the image a feature cell lies.
enum class CellGeometry {
    centres,  ///< cell (r, c) covers [r H/rows, (r+1) H/rows): bilinear between cell centres
    corners   ///< first and last cells sit on the image's borders (align_corners), as in DINOv2's
              ///< use
};

/// The features of one image: rows x columns x channels float32 (CPU), row-major.
struct FeatureGrid {
    torch::Tensor values;
    CellGeometry geometry = CellGeometry::centres;
    int image_width = 0;  ///< of the original image, pixels
    int image_height = 0;
};

/// A frozen image network: image in, grid of features out.
class Teacher {
public:
    virtual ~Teacher() = default;
    virtual std::string name() const = 0;
    virtual std::int64_t channels() const = 0;
    virtual std::string licence() const = 0;
    /// @throws base::Error naming the image (or its feature file) if there are no features for it.
    virtual FeatureGrid features(const std::filesystem::path& image) = 0;
};

/// Features at the points' pixels: P x channels. Border cells extend to the image's edge.
/// centres: at exact (u + 0.5, v + 0.5)... corners: at the integer pixel of the network's input, as
/// published (floor(pixel * input/size), then src = dst (cells-1)/(input-1)).
torch::Tensor sample_features(const FeatureGrid& grid,
                              const std::vector<geometry::PointPixel>& pixels);

}  // namespace distillar::models
