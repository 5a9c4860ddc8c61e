#pragma once
#include "formats/image.hpp"

namespace distillar::models {

/// An image at another size, as PIL's BILINEAR has it: a triangle filter over pixel areas, widened
/// by the scale when shrinking, clipped and renormalised at the border. First along rows, rounded
/// to 8 bit, then along columns, rounded again.
/// @throws base::Error if the image or the size asked for is empty.
formats::Image resize_triangle(const formats::Image& image, int width, int height);

}  // namespace distillar::models
