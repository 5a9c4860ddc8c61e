#include <gtest/gtest.h>

#include <cstdlib>

#include "datasets/dataset.hpp"
#include "datasets/layout.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using datasets::select_frames;
using datasets::selection_from;
using test::error_of;
using Indices = std::vector<std::size_t>;

namespace {

datasets::Selection from(const std::string& text) {
    return selection_from(base::Yaml::parse(text, "config.yaml"));
}

}  // namespace

TEST(Selection, FromAConfig) {
    setenv("DISTILLAR_TEST_FOLDER", "/some/where", 1);
    const auto full = from(
        "{format: pandaset, path: $DISTILLAR_TEST_FOLDER/pandaset, sequences: [\"002\"], sensor: "
        "pandar64, cameras: [front_camera], frames: \"0:80:5\", split: train, labels: no, weight: "
        "2, frame: published}");
    EXPECT_EQ(full.format, "pandaset");
    EXPECT_EQ(full.path, "/some/where/pandaset");
    EXPECT_EQ(full.sequences, std::vector<std::string>{"002"});
    EXPECT_EQ(full.sensor, "pandar64");
    EXPECT_EQ(full.cameras, std::vector<std::string>{"front_camera"});
    EXPECT_EQ(full.frames, "0:80:5");
    EXPECT_EQ(full.split, "train");
    EXPECT_FALSE(full.labels);
    EXPECT_EQ(full.weight, 2);
    EXPECT_TRUE(full.published_frame);
    const auto plain = from("{path: here}");
    EXPECT_EQ(plain.format, "");
    EXPECT_TRUE(plain.labels);
    EXPECT_TRUE(plain.with_cameras);
    EXPECT_EQ(plain.split, "all");
    EXPECT_EQ(from("{path: a, scenes: scene-0061}").sequences,
              std::vector<std::string>{"scene-0061"});
    EXPECT_EQ(from("{path: a, frames: [002/05, 002/10]}").frames, "002/05,002/10");
    EXPECT_FALSE(from("{path: a, cameras: []}").with_cameras);
    EXPECT_FALSE(from("{path: a, cameras: none}").with_cameras);
}

TEST(Selection, MistakesInAConfig) {
    EXPECT_NE(error_of([] { from("{path: a, sequence: 1}"); }).find("did you mean 'sequences'"),
              std::string::npos);
    EXPECT_NE(error_of([] { from("{format: log}"); }).find("'path' is missing"), std::string::npos);
    EXPECT_NE(error_of([] { from("{path: a, weight: -1}"); }).find("above 0"), std::string::npos);
    EXPECT_NE(error_of([] { from("{path: a, frame: world}"); }).find("published"),
              std::string::npos);
    EXPECT_NE(error_of([] { from("{path: a, sequences: [x], scenes: [y]}"); }).find("keep one"),
              std::string::npos);
    EXPECT_NE(error_of([] { from("{path: $NO_SUCH_VARIABLE/a}"); }).find("NO_SUCH_VARIABLE"),
              std::string::npos);
}

TEST(Selection, FromAnArgument) {
    EXPECT_EQ(selection_from("pandaset:/data/p").format, "pandaset");
    EXPECT_EQ(selection_from("pandaset:/data/p").path, "/data/p");
    EXPECT_EQ(selection_from("/data/p").format, "");
    EXPECT_EQ(selection_from("/data/a:b").path, "/data/a:b");
    EXPECT_NE(error_of([] { selection_from("pandaset:"); }).find("path is missing"),
              std::string::npos);
    const test::TemporaryFolder folder;
    EXPECT_NE(error_of([&] { test::open(folder.path(), "pandset"); }).find("'pandaset'"),
              std::string::npos);
    EXPECT_NE(error_of([&] { test::open(folder.path(), "waymo"); }).find("no reader"),
              std::string::npos);
    EXPECT_NE(error_of([&] { test::open(folder / "no", "log"); }).find("is not there"),
              std::string::npos);
}

TEST(SelectFrames, NumberedFramesGoByNumber) {
    const std::vector<std::string> ids{"001/00", "001/03", "002/00", "002/05", "002/10"};
    EXPECT_EQ(select_frames(ids, ""), (Indices{0, 1, 2, 3, 4}));
    EXPECT_EQ(select_frames(ids, "0:80:5"), (Indices{0, 2, 3, 4}));
    EXPECT_EQ(select_frames(ids, "3:6"), (Indices{1, 3}));
    EXPECT_EQ(select_frames(ids, "4:"), (Indices{3, 4}));
    EXPECT_EQ(select_frames(ids, "::10"), (Indices{0, 2, 4}));
    EXPECT_EQ(select_frames(ids, "002/05"), Indices{3});
    EXPECT_EQ(select_frames(ids, "002/10, 001/03"), (Indices{1, 4}));
    EXPECT_EQ(select_frames(ids, "00"), (Indices{0, 2}));
    EXPECT_NE(error_of([&] { select_frames(ids, "11:20"); }).find("002/10"), std::string::npos);
    EXPECT_NE(error_of([&] { select_frames(ids, "-2:"); }).find("negative"), std::string::npos);
    EXPECT_NE(error_of([&] { select_frames(ids, "002/06"); }).find("did you mean '002/0"),
              std::string::npos);
    EXPECT_NE(error_of([&] { select_frames(ids, "0:2:0"); }).find("step"), std::string::npos);
    EXPECT_NE(error_of([&] { select_frames(ids, "0:2:1:1"); }).find("three"), std::string::npos);
    EXPECT_NE(error_of([&] { select_frames(ids, "a:b"); }).find("'a'"), std::string::npos);
    EXPECT_NE(error_of([&] { select_frames(ids, "0:99999999999999999999"); }).find("frames"),
              std::string::npos);
}

TEST(SelectFrames, OthersGoByPlace) {
    // Tokens, and names that are times: a slice counts as in Python.
    const std::vector<std::string> ids{"1557539956500022", "1557539956600033", "ca9a", "b2"};
    EXPECT_EQ(select_frames(ids, "1:3"), (Indices{1, 2}));
    EXPECT_EQ(select_frames(ids, "-1:"), Indices{3});
    EXPECT_EQ(select_frames(ids, "::2"), (Indices{0, 2}));
    EXPECT_EQ(select_frames(ids, "b2"), Indices{3});
    EXPECT_EQ(select_frames({}, "0:2"), Indices{});
}

TEST(Layout, PatternsMatchFileNames) {
    const test::TemporaryFolder folder;
    for (const std::string name : {"a1.pcd", "a10.pcd", "a2.pcd", "b.ply", ".hidden.pcd"}) {
        test::write_bytes(folder / name, "");
    }
    const auto names = [&](const std::string& pattern) {
        std::vector<std::string> found;
        for (const auto& file : datasets::files_matching(folder / pattern)) {
            found.push_back(file.filename().string());
        }
        return found;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(names("*.pcd"), (Names{"a1.pcd", "a10.pcd", "a2.pcd"}));
    EXPECT_EQ(names("a?.pcd"), (Names{"a1.pcd", "a2.pcd"}));
    EXPECT_EQ(names("*1*d"), (Names{"a1.pcd", "a10.pcd"}));
    EXPECT_EQ(names("b.ply"), Names{"b.ply"});
    EXPECT_EQ(names("***").size(), 4U);
    EXPECT_NE(error_of([&] { names("*.bin"); }).find("no such file"), std::string::npos);
    EXPECT_EQ(datasets::scan_stem("x/n015__LIDAR.pcd.bin"), "n015__LIDAR");
    EXPECT_EQ(datasets::scan_stem("x/000000.bin"), "000000");
}
