#include "cli/mistakes.hpp"

namespace distillar::test {

namespace {

using Mistakes = std::vector<Mistake>;
using Says = std::vector<std::string>;

constexpr const char* log_text =
    "distillar-log: 1\n"
    "lidar: {scans: lidar/*.bin, height: 1.6, times: lidar.txt}\n"
    "cameras:\n"
    "  front: {images: front/*.png, times: front.txt, model: pinhole,\n"
    "          intrinsics: [40, 40, 32, 16],\n"
    "          T_camera_lidar: [[0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]}\n"
    "labels: {files: labels/*.label}\n";

constexpr const char* config_text =
    "distillar-config: 1\n"
    "model:\n"
    "  backbone: {channels: 8, depth: 3}\n"
    "  input: {features: [intensity, x, y, height, radius], voxel: 0.3, cell: 2.0}\n"
    "setting: pandaset-to-kitti8\n"
    "steps: 2\n"
    "batch: 1\n"
    "schedule: {warmup_steps: 0}\n"
    "data: {train: [{path: @/log}]}\n";

constexpr const char* teacher_text =
    "distillar-config: 1\n"
    "model: {backbone: {channels: 8, depth: 3}}\n"
    "teacher: {kind: dinov2, weights: @/none.pth, features: @/features}\n"
    "steps: 2\n"
    "data: {train: [{path: @/log}]}\n";

constexpr const char* study_text =
    "distillar-study: 1\n"
    "title: A study\n"
    "seeds: [0]\n"
    "data: {mine: {path: @/log}}\n"
    "settings: {pandaset-to-kitti8: {source: mine, target: mine, tests: {target: {data: mine}}}}\n"
    "recipes:\n"
    "  one: {stage: train, config: @/run.yaml}\n"
    "  two: {stage: train, from: one, config: @/run.yaml}\n";

Mistakes at_the_command_line() {
    return {
        {"no command", "", {"say what to do: info", "distillar --help"}},
        {"a command misspelt", "segmant", {"unknown command 'segmant'", "did you mean 'segment'"}},
        {"an option misspelt", "info @/log --senzor x", {"--senzor", "did you mean --sensor?"}},
        {"an option forgotten", "segment @/scan.bin --out @/o", {"--model is required"}},
        {"another command's option", "info @/log --model x", {"unknown option --model"}},
        {"no threads", "info @/log --threads 0", {"--threads", "1 to 1024"}},
        {"a word for a number",
         "simulate --city a --rig kitti --frames many --out @/o",
         {"--frames = many", "expected a number"}},
        {"no such device",
         "segment @/scan.bin --model @/m.safetensors --device gpu --out @/o",
         {"'gpu' is not one of: cpu, cuda"}},
        {"no such precision",
         "segment @/scan.bin --model @/m.safetensors --precision fp64 --out @/o",
         {"--precision", "fp32,bf16,int8"}},
        {"a value misspelt",
         "evaluate --model @/m.safetensors --data @/log --setting pandaset-to-kitti8 --points sene",
         {"--points", "all,seen"}},
        {"one argument too many", "convert @/a @/b @/c", {"one argument too many"}},
        {"a list with spaces",
         "info @/kitti --sequences 00 01",
         {"'01' is one argument too many", "separated by commas"}},
        {"a negative interval",
         "simulate --city a --rig kitti --frames 1 --interval -1 --out @/o",
         {"--interval", "-1"}},
        {"no frames", "simulate --city a --rig kitti --frames 0 --out @/o", {"--frames 0", "1 to"}},
    };
}

Mistakes with_data() {
    return {
        {"a wrong path", "info @/nowhere", {"nowhere: is not there", "check the path"}},
        {"a name that no file can have",
         "info @/" + std::string(300, 'a'),
         {"File name too long", "check the path"}},
        {"an empty folder", "info @/empty", {"empty: holds no data set", "--format"}},
        {"a folder of pictures", "info @/log/front", {"front: holds no data set"}},
        {"the folder of scans",
         "info semantickitti:@/kitti/sequences/00/velodyne",
         {"no sequences/*/velodyne", "the folder above `sequences`"}},
        {"the folder of labels",
         "info semantickitti:@/kitti/sequences/00/labels",
         {"the folder above `sequences`"}},
        {"a folder too high", "info semantickitti:@", {"no sequences/*/velodyne in it"}},
        {"nuScenes' samples",
         "info nuscenes:@/kitti/sequences",
         {"no folder v1.0-* of tables", "give the folder above it"}},
        {"another format",
         "info pandaset:@/kitti",
         {"no SEQUENCE/lidar/*.pkl.gz", "give the folder of sequences"}},
        {"a data set as a log", "info log:@/kitti", {"no log.yaml in it", "--format folder"}},
        {"a scan as a data set", "info semantickitti:@/scan.bin", {"no sequences/*/velodyne"}},
        {"a format misspelt", "info semantikitti:@/kitti", {"did you mean 'semantickitti'?"}},
        {"two formats", "info semantickitti:@/kitti --format nuscenes", {"give one of them"}},
        {"a sequence that is not there",
         "info @/kitti --sequences 08",
         {"sequence '08' is not there", "There are: 00"}},
        {"a sensor that is not there", "info @/kitti --sensor pandar64", {"pandar64"}},
        {"a frame that is not there",
         "info @/kitti --frames 000099",
         {"frame '000099' is not there", "00/000000"}},
        {"frames beyond the end", "info @/kitti --frames 5:9", {"none of the"}},
        {"frames that are no numbers", "info @/kitti --frames a:b", {"'a' is not a whole number"}},
        {"a camera that is not there",
         "project @/kitti --frame 00/000000 --camera image_3",
         {"camera 'image_3' is not there", "image_2"}},
        {"a split misspelt",
         "info @/kitti --split vall",
         {"did you mean 'all'?", "train, val, test"}},
        {"a split without these sequences",
         "info @/kitti --split val",
         {"none of the sequences 00 is in the split 'val'"}},
        {"a frame without labels",
         "draw @/scan.bin --frame scan --out @/o.png",
         {"without labels"}},
        {"a taxonomy misspelt",
         "draw @/kitti --frame 00/000000 --taxonomy sk19 --out @/o.png",
         {"there is no taxonomy 'sk19'", "semantickitti-sk19"}},
        {"a picture of another kind",
         "draw @/kitti --frame 00/000000 --out @/o.jpg",
         {"o.jpg does not end with .png"}},
        {"a simulation where another is",
         "simulate --city b --rig kitti --frames 1 --format semantickitti --out @/kitti",
         {"city: this folder holds a simulation with a, not b", "--out"}},
        {"a simulation among other data",
         "simulate --city a --rig kitti --frames 1 --out @/log",
         {"holds something else", "--out"}},
        {"a city misspelt",
         "simulate --city paris --rig kitti --frames 1 --out @/o",
         {"there is no city 'paris'", "a, b, c, d"}},
        {"a rig misspelt",
         "simulate --city a --rig kity --frames 1 --out @/o",
         {"did you mean 'kitti'?"}},
        {"a layout of another rig",
         "simulate --city a --rig kitti --frames 1 --format nuscenes --out @/o",
         {"does not fit the rig kitti", "--format log"}},
    };
}

Mistakes with_scans() {
    const std::string segment = "segment --model @/m.safetensors --out @/o ";
    return {
        {"an empty scan",
         segment + "@/empty.bin",
         {"empty.bin: is empty (0 bytes)", "download it again"}},
        {"a scan cut off",
         segment + "@/cut.bin",
         {"not a multiple of 16", "cut off, or another format"}},
        {"a text", segment + "@/text.txt", {"text.txt: holds no data set"}},
        {"a picture", segment + "@/log/front/000000.png", {"holds no data set", ".pcd"}},
        {"a label file as a scan",
         segment + "@/labels.bin",
         {"labels.bin", "not a multiple of 16"}},
        {"a label file by its name", segment + "@/log/labels/000000.label", {"holds no data set"}},
        {"a scan of no number",
         segment + "@/nan.bin",
         {"not one finite point", "leave this scan out"}},
        {"a scan that is not there", segment + "@/none.bin", {"none.bin: is not there"}},
        {"a scan in millimetres",
         segment + "@/millimetres.bin",
         {"no road found", "in metres"},
         "",
         "",
         "",
         0,
         true},
        {"a file where results belong",
         "segment --model @/m.safetensors @/scan.bin --out @/text.txt",
         {"text.txt is a file, no folder"}},
    };
}

Mistakes with_models() {
    const std::string segment = "segment @/scan.bin --out @/o --model ";
    const std::string evaluate = "evaluate --model @/m.safetensors --data ";
    return {
        {"a model that is not there",
         segment + "@/none.safetensors",
         {"no such file", "check the path"}},
        {"a folder as a model", segment + "@/empty", {"is not a regular file", "name a file"}},
        {"a web page as a model", segment + "@/page.safetensors", {"is a web page", "again"}},
        {"a Git LFS pointer as a model", segment + "@/pointer.safetensors", {"git lfs pull"}},
        {"a model cut off", segment + "@/cut.safetensors", {"truncated"}},
        {"a scan as a model", segment + "@/scan.bin", {"it is truncated, or no safetensors file"}},
        {"a config as a model", segment + "@/run.yaml", {"is a YAML file, no weights"}, "run.yaml"},
        {"a backbone as a model",
         segment + "@/backbone.safetensors",
         {"a backbone without classes", "distillar probe"}},
        {"a teacher for a plain model",
         segment + "@/m.safetensors --teacher @/run.yaml",
         {"looks at no image", "leave that out"},
         "run.yaml"},
        {"a web page to convert", "convert @/page.safetensors @/o.safetensors", {"is a web page"}},
        {"a scan to inspect",
         "inspect @/scan.bin",
         {"scan.bin", "it is truncated, or no safetensors file"}},
        {"nothing to inspect", "inspect @/none.pth", {"none.pth", "check the path"}},
        {"a folder to convert to",
         "convert @/m.safetensors @/empty",
         {"empty is a folder; name a file"}},
        {"another ending", "convert @/m.safetensors @/o.pth", {"does not end with .safetensors"}},
        {"scans without labels to judge by",
         evaluate + "@/scan.bin --setting pandaset-to-kitti8 --side source",
         {"none of the 1 selected frames has labels"}},
        {"a setting misspelt",
         evaluate + "@/kitti --setting pandaset-to-kiti8",
         {"did you mean 'pandaset-to-kitti8'?"}},
        {"a setting of other classes",
         evaluate + "@/kitti --setting synlidar-to-kitti19",
         {"the model's classes are 'pd8'", "choose a setting of the model's classes"}},
        {"a side misspelt",
         evaluate + "@/kitti --setting pandaset-to-kitti8 --side targets",
         {"'targets' is not one of: source, target"}},
        {"the wrong side",
         evaluate + "@/kitti --setting pandaset-to-kitti8 --side source",
         {"is semantickitti, but the setting's labels here are pandaset's"}},
        {"seen points without cameras",
         evaluate + "@/kitti --setting pandaset-to-kitti8 --points seen --cameras none",
         {"has no cameras", "--points seen"}},
        {"a folder as a report",
         evaluate + "@/kitti --setting pandaset-to-kitti8 --report @/empty",
         {"empty is a folder; name a file"}},
        {"nothing to measure", "bench @/empty", {"holds no data set"}},
    };
}

/// The log's description with a mistake in it.
Mistakes in_a_log() {
    const auto info = [](const char* what, const char* from, const char* to, Says says) {
        return Mistake{what, "info @/log", std::move(says), "log/log.yaml", from, to};
    };
    const std::string transform = "[[0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]";
    return {
        info("a section misspelt",
             "cameras:", "camera:", {"line 4: camera: unknown key", "did you mean 'cameras'?"}),
        info("a key misspelt", "height", "heigth",
             {"line 2: lidar.heigth", "did you mean 'height'?"}),
        info("no version", "distillar-log: 1\n", "",
             {"the key 'distillar-log' is missing; add it"}),
        info("another version", "distillar-log: 1", "distillar-log: 9",
             {"version 9 is not known", "reads 1"}),
        info("tabs", "  front:", "\tfront:", {"line 4", "check indentation"}),
        info("a bracket left open", "height: 1.6", "height: [1.6", {"brackets"}),
        info("a key twice",
             "labels:", "lidar: {scans: x}\nlabels:", {"the key 'lidar' stands twice"}),
        info("a pattern without scans", "lidar/*.bin", "lidar/*.pcd",
             {"no such file", "from the folder of log.yaml"}),
        info("a pattern without images", "front/*.png", "front/*.jpg",
             {"front/*.jpg: no such file"}),
        info("a pattern without labels", "labels/*.label", "label/*.label",
             {"label/*.label: no such file"}),
        info("a height in millimetres", "height: 1.6", "height: 1600",
             {"lidar.height", "metres above the road"}),
        info("a height below the road", "height: 1.6", "height: -1.6",
             {"lidar.height", "metres above the road"}),
        info("no rotation", "[[0, -1, 0, 0]", "[[0, -2, 0, 0]",
             {"front.T_camera_lidar", "is not a rotation"}),
        info("a mirror", "[[0, -1, 0, 0]", "[[0, 1, 0, 0]",
             {"mirrors", "check the signs of the axes"}),
        info("a row too short", "[0, 0, 0, 1]]", "[0, 0, 1]]", {"rows of 4 numbers"}),
        {"the inverse calibration",
         "info @/log",
         {"cameras.front.T_camera_lidar looks like its inverse", "project --overlay"},
         "log/log.yaml",
         transform,
         "[[0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]]",
         0,
         true},
        info("three intrinsics", "[40, 40, 32, 16]", "[40, 32, 16]", {"must be [fx, fy, cx, cy]"}),
        info("a negative focal length", "[40, 40, 32, 16]", "[-40, 40, 32, 16]",
             {"fx and fy above 0"}),
        info("a camera model misspelt", "pinhole", "fishey",
             {"'fishey' is no camera model", "fisheye"}),
        info("distortion of a pinhole", "model: pinhole",
             "distortion: [1, 0, 0, 0], model: pinhole", {"a pinhole camera has none", "opencv"}),
        info("times that are not there", "times: lidar.txt", "times: times.txt",
             {"times.txt: no such file"}),
        {"the size of another image",
         "project @/log --frame 000000 --camera front --overlay @/o.png",
         {"1920 x 1080", "64 x 32"},
         "log/log.yaml",
         "model:",
         "size: [1920, 1080], model:"},
        {"too few times",
         "info @/log",
         {"lidar.times: 2 times for 3 scans"},
         "log/lidar.txt",
         "2\n",
         ""},
        {"times that are no numbers",
         "info @/log",
         {"lidar.txt: line 2: 'x' is not a finite number"},
         "log/lidar.txt",
         "1\n",
         "x\n"},
        {"times out of order",
         "info @/log",
         {"lidar.txt: line 3", "sort them"},
         "log/lidar.txt",
         "1\n2\n",
         "2\n1\n"},
    };
}

/// The config of a run with a mistake in it.
Mistakes in_a_config() {
    const auto train = [](const char* what, const char* from, const char* to, Says says) {
        return Mistake{
            what, "train --config @/run.yaml --run @/run", std::move(says), "run.yaml", from, to};
    };
    const auto pretrain = [](const char* what, const char* from, const char* to, Says says) {
        return Mistake{what,
                       "pretrain --config @/teacher.yaml --run @/run",
                       std::move(says),
                       "teacher.yaml",
                       from,
                       to};
    };
    return {
        {"a config that is not there",
         "train --config @/none.yaml --run @/run",
         {"none.yaml: no such file"}},
        train("a key misspelt",
              "batch:", "bacth:", {"bacth: unknown key", "did you mean 'batch'?"}),
        train("a nested key misspelt", "warmup_steps", "warmup_step",
              {"schedule.warmup_step", "did you mean 'warmup_steps'?"}),
        train("a key of the data misspelt",
              "train:", "trian:", {"data.trian", "did you mean 'train'?"}),
        train("a word for a number", "steps: 2", "steps: many",
              {"steps: expected a whole number, found 'many'"}),
        train("no batch", "batch: 1", "batch: 0", {"batch: is 0, must be 1 or above"}),
        train("negative steps", "steps: 2", "steps: -2", {"steps: is -2, must be 0 or above"}),
        train("a setting misspelt", "to-kitti8", "to-kiti8",
              {"did you mean 'pandaset-to-kitti8'?"}),
        train("no setting", "setting: pandaset-to-kitti8\n", "",
              {"give the classes as `setting: NAME`"}),
        train("no data", "data: {train: [{path: @/log}]}\n", "", {"the key 'data' is missing"}),
        train("a path for a list", "[{path: @/log}]", "@/log", {"data.train: expected a list"}),
        train("data that are not there", "@/log", "/nowhere", {"/nowhere: is not there"}),
        train("a variable that is not set", "@/log", "$MY_LOGS/a",
              {"MY_LOGS is not set", "export it"}),
        train("a setting without a reader", "pandaset-to-kitti8", "synlidar-to-kitti19",
              {"there is no reader for 'synlidar' yet"}),
        train("weights that are not there", "steps: 2", "steps: 2\nweights: @/none.safetensors",
              {"none.safetensors: no such file"}),
        train("weights of another size", "steps: 2", "steps: 2\nweights: @/m.safetensors",
              {"differ from those of", "leave them out, they come with the weights"}),
        train("another stage's section", "steps: 2", "adapt: {ema: 0.9}",
              {"adapt: is no key of train", "it is one of adapt"}),
        train("no channels", "channels: 8", "channels: 0", {"channels: is 0, must be 1 to 65536"}),
        train("a feature that is unknown", "radius]", "distance]",
              {"model.input.features", "'distance' is unknown", "Known: "}),
        train("a schedule misspelt", "warmup_steps: 0", "kind: cosin",
              {"'cosin' is not one of: warmup_cosine"}),
        train("no version", "distillar-config: 1\n", "", {"the key 'distillar-config' is missing"}),
        train("tabs", "steps: 2", "\tsteps: 2", {"line 6", "tab"}),
        {"an override without a value",
         "train --config @/run.yaml --run @/run --set batch",
         {"expected KEY=VALUE"},
         "run.yaml"},
        {"an override misspelt",
         "train --config @/run.yaml --run @/run --set bacth=2",
         {"did you mean 'batch'?"},
         "run.yaml"},
        {"data where the run belongs",
         "train --config @/run.yaml --run @/log",
         {"is not empty and holds no run", "--run"},
         "run.yaml"},
        {"a file where the run belongs",
         "train --config @/run.yaml --run @/text.txt",
         {"text.txt: is a file"},
         "run.yaml"},
        {"a head on nothing",
         "probe --config @/run.yaml --run @/run",
         {"probe needs a distilled backbone", "weights: FILE"},
         "run.yaml"},
        {"adapting without a target",
         "adapt --config @/run.yaml --run @/run",
         {"the key 'target' is missing"},
         "run.yaml",
         "steps: 2",
         "steps: 2\nweights: @/m.safetensors"},
        {"adapting a backbone",
         "adapt --config @/run.yaml --run @/run --set weights=@/backbone.safetensors",
         {"a backbone without classes"},
         "run.yaml",
         "data: {",
         "data: {target: [{path: @/log}], "},
        pretrain("a teacher misspelt", "dinov2", "dinov3",
                 {"'dinov3' is not one of: features, dinov2"}),
        pretrain("a teacher that is not there", "none.pth", "nothing.pth",
                 {"nothing.pth: no such file"}),
        pretrain("a teacher of another kind", "none.pth", "m.safetensors", {"m.safetensors"}),
        pretrain("no place for features", ", features: @/features", "",
                 {"teacher.features is missing"}),
        pretrain("features without folders",
                 "kind: dinov2, weights: @/none.pth, features: @/features", "kind: features",
                 {"teacher.images and teacher.features"}),
        pretrain("a program without trust", "dinov2", "torchscript", {"--trust"}),
        pretrain("no teacher's weights", "weights: @/none.pth, ", "",
                 {"teacher.weights is missing"}),
    };
}

/// A study with a mistake in it.
Mistakes in_a_study() {
    const auto study = [](const char* what, const char* from, const char* to, Says says) {
        return Mistake{
            what, "study @/study.yaml --out @/o --dry-run", std::move(says), "study.yaml", from,
            to};
    };
    return {
        {"a study that is not there", "study @/none.yaml --out @/o", {"none.yaml: no such file"}},
        {"a config as a study",
         "study @/run.yaml --out @/o",
         {"unknown key", "distillar-study"},
         "run.yaml"},
        study("a key misspelt", "seeds", "seed", {"did you mean 'seeds'?"}),
        study("a recipe that is not there", "from: one", "from: oen",
              {"there is no recipe 'oen'", "did you mean 'one'?"}),
        study("a circle", "from: one", "from: two", {"goes round in a circle"}),
        study("data that are not named", "source: mine", "source: yours",
              {"there is no data named 'yours'"}),
        study("a stage misspelt", "one: {stage: train", "one: {stage: trian",
              {"there is no stage 'trian'"}),
        study("a config that is not there", "one: {stage: train, config: @/run.yaml}",
              "one: {stage: train, config: none.yaml}",
              {"recipe 'one'", "none.yaml: no such file"}),
    };
}

}  // namespace

std::string base_text(const std::string& file) {
    if (file == "log/log.yaml") {
        return log_text;
    }
    if (file == "log/lidar.txt") {
        return "0\n1\n2\n";
    }
    if (file == "teacher.yaml") {
        return teacher_text;
    }
    return file == "study.yaml" ? study_text : config_text;
}

std::vector<Mistake> all_mistakes() {
    Mistakes all;
    for (auto&& some : {at_the_command_line(), with_data(), with_scans(), with_models(), in_a_log(),
                        in_a_config(), in_a_study()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

}  // namespace distillar::test
