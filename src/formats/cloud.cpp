#include "formats/cloud.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/error.hpp"
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/pcd.hpp"
#include "formats/ply.hpp"

namespace distillar::formats {

namespace {

using Reader = Cloud (*)(const std::filesystem::path&);

/// By the end of the name, in any case; null if no reader fits.
Reader reader_of(const std::filesystem::path& file) {
    std::string name = file.filename().string();
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    });
    constexpr std::pair<const char*, Reader> readers[] = {
        {".pcd.bin", read_nuscenes_bin},  // before .bin
        {".bin", read_kitti_bin},
        {".pcd", read_pcd},
        {".ply", read_ply}};
    for (const auto& [ending, reader] : readers) {
        if (name.ends_with(ending)) {
            return reader;
        }
    }
    return nullptr;
}

}  // namespace

Cloud read_cloud(const std::filesystem::path& file) {
    const Reader reader = reader_of(file);
    if (reader == nullptr) {
        base::fail_in(file,
                      "no point cloud by its name; supported endings are .bin (KITTI), .pcd.bin "
                      "(nuScenes), .pcd and .ply");
    }
    return reader(file);
}

bool is_cloud_name(const std::filesystem::path& file) {
    return reader_of(file) != nullptr;
}

}  // namespace distillar::formats
