#include "support/made_log.hpp"

#include <fmt/format.h>

#include "base/random.hpp"
#include "formats/image.hpp"
#include "formats/kitti.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

namespace {

formats::Cloud scan(std::uint64_t seed) {
    base::Random random(seed, 0, 0);
    formats::Cloud cloud;
    cloud.points.resize(800, 3);
    for (Eigen::Index i = 0; i < cloud.points.rows(); ++i) {
        cloud.points.row(i) << random.uniform(-12, 12), random.uniform(-5, 5),
            random.chance(0.6) ? -1.6 : random.uniform(-1.6, 3);
    }
    cloud.intensity.assign(static_cast<std::size_t>(cloud.points.rows()), 0.5F);
    return cloud;
}

formats::Image picture(int number) {
    formats::Image image{64, 32, {}};
    for (int i = 0; i < 64 * 32 * 3; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>((i * (number + 2) + number * 91) % 256));
    }
    return image;
}

}  // namespace

void make_log(const fs::path& folder, int frames, int unseen) {
    std::string scan_times, image_times;
    for (int i = 0; i < frames; ++i) {
        const std::string name = fmt::format("{:06}", i);
        formats::write_kitti_bin(folder / "lidar" / (name + ".bin"), scan(1000 + unsigned(i)));
        formats::write_png(folder / "front" / (name + ".png"), picture(i));
        scan_times += fmt::format("{}\n", i);
        image_times += fmt::format("{}\n", i == unseen ? i + 0.4 : i);
    }
    write_bytes(folder / "lidar.txt", scan_times);
    write_bytes(folder / "front.txt", image_times);
    write_bytes(folder / "log.yaml",
                "distillar-log: 1\n"
                "lidar: {scans: lidar/*.bin, height: 1.6, times: lidar.txt}\n"
                "cameras:\n"
                "  front: {images: front/*.png, times: front.txt, model: pinhole,\n"
                "          intrinsics: [40, 40, 32, 16],\n"
                "          T_camera_lidar: [[0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, "
                "1]]}\n");
}

}  // namespace distillar::test
