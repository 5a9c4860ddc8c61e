#include "simulation/writers/extras.hpp"

#include <algorithm>

#include "base/files.hpp"

namespace distillar::simulation {

std::uint8_t class_pixel(Category category) {
    return category == Category::sky ? sky_pixel
                                     : static_cast<std::uint8_t>(semantickitti_id(category, false));
}

void write_point_extras(const std::filesystem::path& file, const LidarScan& scan) {
    std::vector<PointExtras> rows(scan.time.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = {scan.time[i], scan.ring[i], static_cast<std::uint8_t>(scan.category[i]),
                   scan.moving[i], scan.instance[i]};
    }
    base::write_file(file, std::as_bytes(std::span(rows)));
}

void write_pixel_classes(const std::filesystem::path& file, const CameraShot& shot) {
    formats::GrayImage image{shot.image.width, shot.image.height, {}};
    image.values.resize(shot.category.size());
    std::transform(shot.category.begin(), shot.category.end(), image.values.begin(), class_pixel);
    formats::write_png(file, image);
}

void write_pixel_instances(const std::filesystem::path& file, const CameraShot& shot) {
    formats::Image image{shot.image.width, shot.image.height, {}};
    image.rgb.resize(3 * shot.instance.size());
    for (std::size_t i = 0; i < shot.instance.size(); ++i) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            image.rgb[3 * i + channel] =
                static_cast<std::uint8_t>(shot.instance[i] >> (8 * channel));
        }
    }
    formats::write_png(file, image);
}

}  // namespace distillar::simulation
