/// Clouds, labels and images.
#include <cmath>

#include "formats/image.hpp"
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/pcd.hpp"
#include "formats/ply.hpp"
#include "fuzz/seeds/seeds.hpp"

namespace distillar::fuzz {

namespace {

using formats::PcdEncoding;

/// Every optional field, and one point without a return.
formats::Cloud cloud() {
    formats::Cloud made;
    made.points.resize(3, 3);
    made.points << 1.5, -2, 0.25, std::nan(""), 0, 0, 40, -7, 2;
    made.intensity = {0.5F, 0, 200};
    made.ring = {0, 1, 63};
    made.time = {0.125, 0.25, 0.5};
    made.label = {40, 0, 252};
    made.instance = {0, 0, 7};
    made.sensor = {0, 1, 0};
    return made;
}

void add_ascii(const Seeds& seeds) {
    seeds.add("pcd", "padded",
              "# .PCD v.7\nVERSION .7\nFIELDS x y z _ t\nSIZE 4 4 4 1 4\nTYPE F F F U U\nCOUNT 1 1 "
              "1 3 1\nWIDTH 1\nHEIGHT 2\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA ascii\n1 2 3 0 0 "
              "0 5\nnan 5 +6e1 0 0 0 6\n");
    seeds.add("ply", "lists",
              "ply\nformat ascii 1.0\ncomment c\nelement vertex 2\nproperty double x\nproperty "
              "list uchar int n\nproperty int16 y\nproperty uint8 z\nproperty int label\nelement "
              "face 1\nproperty list uchar int i\nend_header\n0.5 1 7 2 3 4\n1 0 2 3 9\n2 0 1\n");
}

formats::Image picture() {
    formats::Image image{9, 5, {}};
    for (int i = 0; i < 9 * 5 * 3; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>(i * 5));
    }
    return image;
}

}  // namespace

void add_clouds(const Seeds& seeds) {
    const auto made = cloud();
    formats::write_pcd(seeds.path("pcd", "ascii"), made, PcdEncoding::ascii);
    formats::write_pcd(seeds.path("pcd", "binary"), made, PcdEncoding::binary);
    formats::write_pcd(seeds.path("pcd", "compressed"), made, PcdEncoding::binary_compressed);
    formats::write_ply(seeds.path("ply", "binary"), made, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
    add_ascii(seeds);
    formats::write_kitti_bin(seeds.path("records", "kitti"), made);
    formats::write_nuscenes_bin(seeds.path("records", "nuscenes"), made);
    formats::write_kitti_labels(seeds.path("records", "labels"), made.label, made.instance);
    formats::write_lidarseg(seeds.path("records", "lidarseg"), made.label);
    formats::write_png(seeds.path("image", "png"), picture());
    formats::write_png(seeds.path("image", "gray"), formats::GrayImage{3, 2, {0, 1, 2, 3, 4, 255}});
    formats::write_jpeg(seeds.path("image", "jpeg"), picture(), 40);
}

}  // namespace distillar::fuzz
