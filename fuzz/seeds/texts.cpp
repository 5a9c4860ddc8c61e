/// JSON and YAML.
#include "fuzz/seeds/seeds.hpp"

namespace distillar::fuzz {

namespace {

void add_tables(const Seeds& seeds) {
    const auto add = [&](char table, const std::string& name, const std::string& text) {
        seeds.add("nuscenes_tables", name, std::string(1, table) + text);
    };
    add(0, "sample",
        R"([{"token":"s1","timestamp":1532402927647951,"prev":"","next":"s2","scene_token":"c"}])");
    add(2, "sample_data",
        R"([{"token":"d1","sample_token":"s","ego_pose_token":"e","calibrated_sensor_token":"k",
"timestamp":15,"is_key_frame":true,"height":900,"width":1600,"filename":"samples/a.jpg","x":{"y":[{}]}}])");
    add(4, "calibrated",
        R"([{"token":"k","sensor_token":"n","translation":[0,0,0.5],"rotation":[0.5,-0.5,0.5,-0.5],
"camera_intrinsic":[[1266,0,816],[0,1267,491],[0,0,1]]}])");
    add(5, "ego_pose", R"([{"token":"e","rotation":[0,0,0,1],"translation":[411.3,1180.9,0]}])");
    add(6, "category", R"([{"token":"g","name":"noise","index":0},{"token":"h","name":"car"}])");
}

void add_configs(const Seeds& seeds) {
    seeds.add("configs", "classes",
              "classes:\n  - {name: road, raw: [1, 2], color: [1, 2, 3], write: 2}\n"
              "  - {name: car, raw: [0x10]}\nignore: [0, 7]\nnames: {1: road, 7: other}\n");
    seeds.add("configs", "description",
              "backbone: {activation: relu}\ninput:\n  features: [intensity, x, y, z, radius]\n"
              "  voxel: 0.1\n  neighbors: 16\n  fov: {min: [-64, -64, -8], max: [64, 64, 8]}\n"
              "  grids: [{drop: 2, rows: 256, columns: 256}]\nclass_set: two\nclasses:\n"
              "  - {name: a, color: [1, 2, 3]}\nsensor: {frame: published, height: 1.7, intensity: "
              "{mean: 0, deviation: 1}}\nprovenance: {data_sets: [kitti]}\n");
    seeds.add("configs", "data",
              "- {format: pandaset, path: /d, sequences: [\"002\"], sensor: pandar64, frames: "
              "\"0:80:5\", split: all, labels: yes, weight: 2}\n- {path: /e, frames: 000001}\n");
}

}  // namespace

void add_texts(const Seeds& seeds) {
    add_tables(seeds);
    add_configs(seeds);
    seeds.add("yaml", "all",
              "lidar: {height: 1.5, list: [1, 2.5, -3, .inf, .nan], on: yes}\ncameras: &a\n"
              "  - \"q\\n\\x41\"\n  - 'it''s'\n  - |\n    two\n    lines\n  - >-\n    folded\n    "
              "text\n? key\n: *a\nnull: ~\n");
    seeds.add("yaml", "cycle", "a: &x {b: *x, c: !!str 1}\n--- \nb: 1\n");
    seeds.add("json", "poses",
              R"([{"position":{"x":1,"y":-2.5,"z":3e2},"heading":{"w":1,"x":0,"y":0,"z":0.5}}])");
    seeds.add("json", "camera", "{\"fx\": 1970.01, \"fy\": 1e3, \"t\": [true, null, \"\\u00e9\"]}");
}

}  // namespace distillar::fuzz
