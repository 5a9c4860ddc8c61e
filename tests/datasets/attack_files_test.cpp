/// Texts made to hurt a reader: YAML and JSON that nest, repeat or never end, numbers that are
/// none.
#include <gtest/gtest.h>

#include "base/yaml.hpp"
#include "datasets/kitti_calibration.hpp"
#include "datasets/log_file.hpp"
#include "datasets/pandaset_sequence.hpp"
#include "datasets/taxonomy.hpp"
#include "datasets/trajectory.hpp"
#include "formats/attacks.hpp"
#include "support/data.hpp"

using namespace distillar;

namespace {

namespace fs = std::filesystem;

using test::Attack;
using test::expect_refused;
using test::repeated;

/// A thousand million laughs: ten lists, each of ten times the one before.
std::string laughs() {
    std::string text = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string before = fmt::format("*a{}", i - 1);
        text += fmt::format("a{}: &a{} [{}{}]\n", i, i, repeated(before + ", ", 9), before);
    }
    return text;
}

void log_yaml(const fs::path& file) {
    datasets::read_log_file(file);
}

void classes(const fs::path& file) {
    datasets::load_taxonomy_file(file);
}

TEST(AttackTexts, YamlThatRepeatsOrNests) {
    const std::string log = "distillar-log: 1\nlidar: ";
    for (const Attack& attack : std::initializer_list<Attack>{
             {"laughs as a text", log_yaml, laughs() + log + "{scans: *a9}\n", "unknown key"},
             {"laughs as numbers", classes,
              "classes: [{name: road, raw: &a [" + repeated("1, ", 99) + "1]}]\n",
              "raw id 1 already stands under road"},
             {"laughs as ids", classes, "classes:\n- name: &b [&a [1, 2], *a, *a]\n  raw: *b\n",
              "expected text"},
             {"a list within itself", classes, "classes: &a [*a]\n", "expected a mapping"},
             {"deep lists", classes, "classes: " + std::string(100'000, '['), "line 1"},
             {"deep mappings", classes, repeated("{a: ", 50'000), "line 1"},
             {"deep blocks", classes, repeated("- ", 50'000) + "a\n", "line 1"},
             {"deep keys", classes, repeated("? ", 50'000) + "a\n", "line 1"},
             {"a list as long as may be", classes,
              std::string("[") + repeated("a,", 131'000) + "a]", "expected a mapping"},
             {"longer than may be", classes, std::string("[") + repeated("a,", 140'000) + "a]",
              "more than the limit of 262144"},
             {"line ends in a key", classes, "\"a\\nb\\e[2J\": 1\n", "unknown key"},
             {"line ends in a value", log_yaml, "distillar-log: \"1\\n2\"\n", "found '1 2'"},
             {"line ends in a path", log_yaml, log + "{scans: \"s/\\n\\e[2J*.pcd\"}\n",
              "lidar.scans: a path with control characters"},
             {"a long value", log_yaml, "distillar-log: " + std::string(100'000, 'x') + "\n",
              "expected a whole number"},
         }) {
        expect_refused(attack);
    }
}

/// A mapping of many keys takes their number, not its square: this test would not end.
TEST(AttackTexts, YamlOfManyKeys) {
    std::string text = "names:\n";
    for (int i = 0; i < 60'000; ++i) {
        text += fmt::format("  {}: a\n", i);
    }
    const auto yaml = base::Yaml::parse(text, "attack");
    EXPECT_EQ(yaml["names"].items().size(), 60'000u);
}

TEST(AttackTexts, JsonThatNests) {
    const auto poses = [](const fs::path& file) { datasets::read_pandaset_poses(file); };
    expect_refused({"deep", poses, "[{\"a\":" + std::string(1'000'000, '['),
                    "nests 65 levels, more than the limit of 64"});
    expect_refused({"deep objects", poses, "[" + repeated("{\"a\":", 200'000),
                    "nests 65 levels, more than the limit of 64"});
    expect_refused({"beyond float64", poses, R"([{"position":{"x":1e999}}])", "out of range"});
    expect_refused({"no object", poses, "[1]", "[0]: must be a list of objects"});
}

TEST(AttackTexts, CalibrationsThatAreNoNumbers) {
    const auto camera = [](const fs::path& file) { datasets::kitti_camera_2(file, "Tr"); };
    const std::string tr = "Tr: 0 -1 0 0 0 0 -1 0 1 0 0 0\n";
    const auto p2 = [&](const std::string& numbers) { return "P2: " + numbers + "\n" + tr; };
    expect_refused({"nan", camera, p2("700 0 nan 0 0 700 170 0 0 0 1 0"), "line 1: P2: 'nan'"});
    expect_refused({"inf", camera, p2("inf 0 600 0 0 700 170 0 0 0 1 0"), "'inf' is not a finite"});
    expect_refused({"overflow", camera, p2("1e999 0 6 0 0 7 1 0 0 0 1 0"), "'1e999' is not"});
    expect_refused(
        {"a shift beyond float64", camera, p2("1e-300 0 0 1e300 0 1 0 0 0 0 1 0"), "not finite"});
    expect_refused({"no focal length", camera, p2("0 0 6 0 0 7 1 0 0 0 1 0"), "P2 is not of"});
    expect_refused({"eleven numbers", camera, p2("7 0 6 0 0 7 1 0 0 0 1"), "has 11 numbers"});
    expect_refused({"line ends", camera, "P2: 1\x1b[2J\r\n", "is not a finite number"});
    expect_refused({"2 MB", camera, std::string(2 << 20, '\n'), "more than the 1048576"});
}

TEST(AttackTexts, TimesAndPosesThatNeverEnd) {
    const auto times = [](const fs::path& file) { datasets::read_times(file); };
    const auto poses = [](const fs::path& file) { datasets::Trajectory(file, {}, 3); };
    expect_refused({"line ends", poses, std::string(32 << 20, '\n'), "0 poses for 3 scans"});
    expect_refused({"numbers", poses, repeated("0 ", 1'000'000), "1000000 numbers; a pose has"});
    expect_refused({"backwards", times, "2\n1\n", "line 2: the time 1 is not after"});
    expect_refused({"inf", times, "1\ninf\n", "line 2: 'inf' is not a finite number"});
    expect_refused({"a word", times, "1\x1b[2J\n", "is not a finite number"});
}

TEST(AttackTexts, LogsThatNameDevices) {
    const test::TemporaryFolder folder;
    test::write_bytes(folder / "s/0.pcd", "");
    for (const char* path : {"/dev/zero", "/dev/stdin", "s", "../.."}) {
        const auto file = test::write_bytes(
            folder / "log.yaml",
            std::string("distillar-log: 1\nlidar: {scans: s/*.pcd, times: ") + path + "}\n");
        const auto message = test::error_of([&] { datasets::read_log_file(file); });
        EXPECT_NE(message.find("is not a regular file"), std::string::npos) << message;
    }
}

}  // namespace
