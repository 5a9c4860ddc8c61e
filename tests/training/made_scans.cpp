#include "training/made_scans.hpp"

#include "base/random.hpp"
#include "formats/kitti.hpp"

namespace distillar::test {

void write_made_scan(const std::filesystem::path& sequence, const std::string& name,
                     std::uint64_t seed, double box) {
    base::Random random(seed, 0, 0);
    formats::Cloud cloud;
    cloud.points.resize(1500, 3);
    std::vector<std::uint32_t> labels;
    for (Eigen::Index i = 0; i < cloud.points.rows(); ++i) {
        const double x = random.uniform(-15, 15);
        const double kind = random.uniform();
        if (kind < 0.5) {
            cloud.points.row(i) << x, random.uniform(-4, 4), -1.7;
            labels.push_back(40);
        } else if (kind < 0.8) {
            cloud.points.row(i) << x, random.chance(0.5) ? 6.0 : -6.0, random.uniform(-1.7, 4);
            labels.push_back(50);
        } else {
            cloud.points.row(i) << 8 + random.uniform(-2, 2),
                random.uniform(box - 0.75, box + 0.75), random.uniform(-1.5, 0);
            labels.push_back(10);
        }
    }
    cloud.intensity.assign(static_cast<std::size_t>(cloud.points.rows()), 0.3F);
    formats::write_kitti_bin(sequence / "velodyne" / (name + ".bin"), cloud);
    formats::write_kitti_labels(sequence / "labels" / (name + ".label"), labels);
}

}  // namespace distillar::test
