/// The nuScenes tables: the first byte says which one the rest replaces.
#include "formats/nuscenes_tables.hpp"

#include <array>
#include <utility>

#include "fuzz/files.hpp"

using namespace distillar;

namespace {

using Table = std::pair<const char*, const char*>;

constexpr std::array<Table, 8> tables{{
    {"sample.json", R"([{"token":"s","timestamp":1,"prev":"","next":"","scene_token":"c"}])"},
    {"scene.json", R"([{"token":"c","name":"scene-0061"}])"},
    {"sample_data.json",
     R"([{"token":"d","sample_token":"s","ego_pose_token":"e","calibrated_sensor_token":"k",
          "timestamp":1,"is_key_frame":true,"height":0,"width":0,"filename":"a.pcd.bin"}])"},
    {"sensor.json", R"([{"token":"n","channel":"LIDAR_TOP"}])"},
    {"calibrated_sensor.json",
     R"([{"token":"k","sensor_token":"n","translation":[1,2,3],"rotation":[1,0,0,0],
          "camera_intrinsic":[]}])"},
    {"ego_pose.json",
     R"([{"token":"e","timestamp":1,"rotation":[0,0,0,1],"translation":[4,5,6]}])"},
    {"category.json", R"([{"token":"g","name":"noise","index":0}])"},
    {"lidarseg.json", R"([{"token":"d","sample_data_token":"d","filename":"lidarseg/a.bin"}])"},
}};

void check(const formats::NuScenesTables& read) {
    for (const auto& [token, pose] : read.ego_poses) {
        fuzz::require(pose.matrix().allFinite(), "a pose is not finite");
    }
    for (const auto& [token, sensor] : read.calibrated) {
        fuzz::require(sensor.T_ego_sensor.matrix().allFinite(), "a sensor's pose is not finite");
        fuzz::require(sensor.intrinsic.empty() || sensor.intrinsic.size() == 9,
                      "intrinsics that are no 3 x 3");
    }
}

}  // namespace

FUZZ_TARGET(nuscenes_tables) {
    static const fuzz::MemoryFolder folder;
    static const bool laid = [] {
        for (const auto& [name, text] : tables) {
            fuzz::lay(folder, name, text);
        }
        return true;
    }();
    fuzz::Input input(bytes);
    const auto& [name, valid] = tables[input.take<std::uint8_t>() % tables.size()];
    fuzz::lay(folder, name, fuzz::text_of(input.rest()));
    fuzz::survive([&] { check(formats::read_nuscenes_tables(folder.path())); });
    fuzz::lay(folder, name, valid);
    static_cast<void>(laid);
}
