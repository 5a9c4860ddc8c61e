#pragma once
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "formats/kitti.hpp"
#include "support/data.hpp"
#include "support/made_log.hpp"

namespace distillar::test {

/// make_log with labels by PandaSet's raw ids: road below, cars above.
inline void make_labelled_log(const std::filesystem::path& log, int frames) {
    make_log(log, frames);
    for (int i = 0; i < frames; ++i) {
        const std::string name = fmt::format("{:06}", i);
        const auto cloud = formats::read_kitti_bin(log / "lidar" / (name + ".bin"));
        std::vector<std::uint32_t> labels;
        for (Eigen::Index row = 0; row < cloud.points.rows(); ++row) {
            labels.push_back(cloud.points(row, 2) < -1.5 ? 7 : 13);
        }
        formats::write_kitti_labels(log / "labels" / (name + ".label"), labels);
    }
    write_bytes(log / "log.yaml",
                read_bytes(log / "log.yaml") + "labels: {files: labels/*.label}\n");
}

}  // namespace distillar::test
