#include <map>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace {

using nlohmann::json;

json project(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "project");
    arguments.emplace_back("--json");
    const Outcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return json::parse(outcome.out);
}

/// nuScenes' sample token, from its own table.
std::string nuscenes_frame(const std::filesystem::path& data) {
    const auto samples = json::parse(read_bytes(data / "nuscenes/v1.0-mini/sample.json"));
    return samples.at(0).at("token");
}

}  // namespace

// The table "Numbers a correct reader gets" of the data's README. --------------------------------

TEST(Project, PandaSet) {
    DISTILLAR_DATA_OR_SKIP(data);
    const std::map<std::string, int> expected{
        {"front_camera", 68638}, {"back_camera", 24387},       {"left_camera", 26721},
        {"right_camera", 26532}, {"front_left_camera", 39575}, {"front_right_camera", 42737}};
    for (const auto& [camera, points] : expected) {
        const json report = project(
            {data / "pandaset", "--frame", "002/00", "--camera", camera, "--min-depth", "0.5"});
        EXPECT_EQ(report["points_in_image"], points) << camera;
        EXPECT_GT(report["depth"]["min"], 0.5);
    }
}

TEST(Project, NuScenes) {
    DISTILLAR_DATA_OR_SKIP(data);
    const json report =
        project({data / "nuscenes", "--frame", nuscenes_frame(data), "--camera", "CAM_FRONT"});
    EXPECT_EQ(report["points"], 34688);
    EXPECT_EQ(report["points_in_image"], 3056);
    EXPECT_EQ(report["image_size"], json({1600, 900}));
}

TEST(Project, OverlayIsAPictureNoSmallerThanThePhotograph) {
    DISTILLAR_DATA_OR_SKIP(data);
    const TemporaryFolder folder;
    const std::string overlay = folder / "front.png";
    const Outcome outcome = run_program({"project", data / "pandaset", "--frame", "001/00",
                                         "--camera", "front_camera", "--overlay", overlay});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("points in image"), std::string::npos);
    EXPECT_NE(outcome.out.find("colours must change"), std::string::npos);
    const std::string bytes = read_bytes(overlay);
    ASSERT_GT(bytes.size(), 100'000);
    EXPECT_EQ(bytes.substr(1, 3), "PNG");
}

TEST(Project, MisspeltNames) {
    DISTILLAR_DATA_OR_SKIP(data);
    const std::string path = data / "pandaset";
    expect_one_line_error({"project", path, "--frame", "002/00", "--camera", "front"}, 2,
                          {"'front'", "did you mean 'front_camera'"});
    expect_one_line_error({"project", path, "--frame", "02/00", "--camera", "front_camera"}, 2,
                          {"02/00", "did you mean '002/00'"});
    expect_one_line_error({"project", path, "--frame", "0:20", "--camera", "front_camera"}, 2,
                          {"--frame 0:20", "give the whole id"});
}

TEST(Project, OverlayThatCannotBeWritten) {
    DISTILLAR_DATA_OR_SKIP(data);
    expect_one_line_error({"project", data / "pandaset", "--frame", "001/00", "--camera",
                           "front_camera", "--overlay", "/dev/null/front.png"},
                          2, {"--overlay: /dev/null is a file, no folder"});
}

}  // namespace distillar::test
