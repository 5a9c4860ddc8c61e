#include "simulation/rendering/render.hpp"

#include <algorithm>
#include <cmath>

#include "base/thread_pool.hpp"
#include "simulation/rendering/develop.hpp"
#include "simulation/rendering/shading.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

class Picture {
public:
    Picture(const Scene& scene, const Weather& weather, const Exposure& exposure)
        : scene_(scene),
          weather_(weather),
          exposure_(exposure),
          width_(exposure.camera.width),
          height_(exposure.camera.height),
          shades_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)),
          open_(shades_.size()),
          pose_(exposure.T_scene_camera.cast<float>()) {}

    CameraShot take() {
        each_row([&](int row) { look_once(row); });
        Radiance radiance{width_, height_, std::vector<Vector3f>(shades_.size())};
        each_row([&](int row) { gather(row, radiance); });
        CameraShot shot;
        shot.image = develop(radiance, exposure_.seed);
        for (const Shade& shade : shades_) {
            shot.category.push_back(shade.category);
            shot.moving.push_back(shade.moving ? 1 : 0);
            shot.instance.push_back(shade.instance);
        }
        return shot;
    }

private:
    template <typename Body>
    void each_row(const Body& body) {
        base::parallel_for(static_cast<std::size_t>(height_), 4,
                           [&](std::size_t begin, std::size_t end) {
                               for (std::size_t row = begin; row < end; ++row) {
                                   body(static_cast<int>(row));
                               }
                           });
    }

    std::size_t at(int row, int column) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(column);
    }

    Ray ray(float row, float column) const {
        const geometry::Camera& camera = exposure_.camera;
        const Vector3f direction(
            (column - static_cast<float>(camera.cx)) / static_cast<float>(camera.fx),
            (row - static_cast<float>(camera.cy)) / static_cast<float>(camera.fy), 1);
        return {pose_.translation(), (pose_.linear() * direction).normalized(), exposure_.time};
    }

    float pixel_angle() const { return 1 / static_cast<float>(exposure_.camera.fx); }

    /// One ray through each pixel's middle.
    void look_once(int row) {
        std::vector<Ray> rays;
        for (int column = 0; column < width_; ++column) {
            rays.push_back(ray(static_cast<float>(row) + 0.5F, static_cast<float>(column) + 0.5F));
        }
        const std::span shades(&shades_[at(row, 0)], rays.size());
        shade(scene_, weather_, rays, pixel_angle(), shades);
        look_up(row);
    }

    /// One ray towards the sky from each pixel's surface. Directions repeat every 4 x 4 pixels, so
    /// that an average over as many covers the hemisphere evenly.
    void look_up(int row) {
        std::vector<Ray> rays;
        std::vector<std::size_t> pixels;
        for (int column = 0; column < width_; ++column) {
            const Shade& shade = shades_[at(row, column)];
            open_[at(row, column)] = 1;
            if (shade.normal.isZero()) {
                continue;
            }
            const auto cell = static_cast<std::uint32_t>(4 * (row & 3) + (column & 3));
            const std::uint32_t place = hash(cell, 77) & 15U;
            rays.push_back(sky_ray(shade, exposure_.time,
                                   (static_cast<float>(cell & 3U) + 0.5F) / 4,
                                   (static_cast<float>(place) + 0.5F) / 16));
            pixels.push_back(at(row, column));
        }
        std::vector<std::uint8_t> met(rays.size());
        scene_.occluded(rays, met);
        for (std::size_t i = 0; i < rays.size(); ++i) {
            open_[pixels[i]] = met[i] != 0 ? 0.0F : 1.0F;
        }
    }

    /// Mean of open sky over the neighbours on the same surface.
    float smooth_open(int row, int column) const {
        const Shade& middle = shades_[at(row, column)];
        float sum = 0, count = 0;
        for (int r = std::max(0, row - 2); r < std::min(height_, row + 2); ++r) {
            for (int c = std::max(0, column - 2); c < std::min(width_, column + 2); ++c) {
                const Shade& other = shades_[at(r, c)];
                if (other.normal.dot(middle.normal) > 0.8F &&
                    std::abs(other.distance - middle.distance) < 0.03F * middle.distance) {
                    sum += open_[at(r, c)];
                    ++count;
                }
            }
        }
        return count > 0 ? sum / count : open_[at(row, column)];
    }

    /// True where a neighbour shows another surface: such pixels get more rays.
    bool at_edge(int row, int column) const {
        const std::uint32_t key = shades_[at(row, column)].key;
        return (column + 1 < width_ && shades_[at(row, column + 1)].key != key) ||
               (column > 0 && shades_[at(row, column - 1)].key != key) ||
               (row + 1 < height_ && shades_[at(row + 1, column)].key != key) ||
               (row > 0 && shades_[at(row - 1, column)].key != key);
    }

    static Vector3f total(const Shade& shade, float open) {
        return shade.direct + (0.25F + 0.75F * open) * shade.ambient + shade.haze;
    }

    void gather(int row, Radiance& radiance) const {
        std::vector<Ray> rays;
        std::vector<int> columns;
        for (int column = 0; column < width_; ++column) {
            radiance.pixels[at(row, column)] =
                total(shades_[at(row, column)], smooth_open(row, column));
            if (at_edge(row, column)) {
                columns.push_back(column);
                for (const auto& [r, c] : {std::pair(0.15F, 0.35F), std::pair(0.35F, 0.85F),
                                           std::pair(0.85F, 0.65F), std::pair(0.65F, 0.15F)}) {
                    rays.push_back(
                        ray(static_cast<float>(row) + r, static_cast<float>(column) + c));
                }
            }
        }
        std::vector<Shade> more(rays.size());
        shade(scene_, weather_, rays, pixel_angle(), more);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            Vector3f& pixel = radiance.pixels[at(row, columns[i])];
            const float open = smooth_open(row, columns[i]);
            for (std::size_t k = 0; k < 4; ++k) {
                pixel += total(more[4 * i + k], open);
            }
            pixel /= 5;
        }
    }

    const Scene& scene_;
    const Weather& weather_;
    const Exposure& exposure_;
    int width_, height_;
    std::vector<Shade> shades_;
    std::vector<float> open_;
    Eigen::Isometry3f pose_;
};

}  // namespace

CameraShot render(const Scene& scene, const Weather& weather, const Exposure& exposure) {
    return Picture(scene, weather, exposure).take();
}

}  // namespace distillar::simulation
