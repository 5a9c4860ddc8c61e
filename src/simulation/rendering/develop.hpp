#pragma once
#include <Eigen/Core>
#include <vector>

#include "formats/image.hpp"

namespace distillar::simulation {

/// Light that reached a sensor: linear RGB, row-major.
struct Radiance {
    int width = 0;
    int height = 0;
    std::vector<Eigen::Vector3f> pixels;
};

/// From light to a picture as cameras make it: exposure by mean brightness, soft shoulder for
/// highlights, a lens's slight blur and dark corners, grain, sRGB.
formats::Image develop(const Radiance& radiance, std::uint64_t seed);

}  // namespace distillar::simulation
