/// The main job on a user's own log: PandaSet 001 as log.yaml gives the PandaSet reader's figures
/// in every command.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "formats/kitti.hpp"
#include "program.hpp"
#include "support/data.hpp"
#include "support/pandaset_log.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string recipe =
    "distillar-config: 1\n"
    "model:\n"
    "  backbone: {channels: 8, depth: 3, drop_path: 0}\n"
    "  input: {features: [intensity, x, y, height, radius], voxel: 0.3, cell: 2.0}\n"
    "setting: pandaset-to-kitti8\n"
    "steps: 2\nbatch: 1\nschedule: {warmup_steps: 0}\n";

class OwnLog : public testing::Test {
protected:
    void SetUp() override {
        DISTILLAR_DATA_OR_SKIP(data);
        pandaset_ = (data / "pandaset").string();
        datasets::Selection selection;
        selection.format = "pandaset";
        selection.path = data / "pandaset/001";
        const auto dataset = datasets::open_dataset(selection);
        LogLayout layout;
        layout.camera_keys = " border: {min_depth: 0, inclusive: true},";
        lay_out(folder_ / "log", *dataset, 0, layout);
    }

    std::string log() const { return (folder_ / "log").string(); }

    /// A small model, trained for two steps: enough to give different classes.
    std::string model() {
        const auto config =
            write_bytes(folder_ / "config.yaml",
                        recipe + "data: {train: [{format: pandaset, path: " + pandaset_ +
                            ", sequences: [\"001\"]}]}\n");
        const auto run = (folder_ / "run").string();
        const auto outcome = run_program({"train", "--config", config.string(), "--run", run});
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return run + "/model.safetensors";
    }

    json output_of(const std::vector<std::string>& arguments) {
        const auto outcome = run_program(arguments);
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return json::parse(outcome.out);
    }

    /// Class names of all points of a `segment` run.
    std::vector<std::string> names_in(const fs::path& out, const std::string& frame) {
        std::map<std::uint32_t, std::string> names;
        const json classes = json::parse(read_bytes(out / "classes.json"));
        for (const auto& entry : classes.at("classes")) {
            names[entry.at("id").get<std::uint32_t>()] = entry.at("name").get<std::string>();
        }
        std::vector<std::string> result;
        for (const auto id : formats::read_kitti_labels(out / (frame + ".label")).label) {
            result.push_back(names.at(id));
        }
        return result;
    }

    TemporaryFolder folder_;
    std::string pandaset_;
};

TEST_F(OwnLog, InfoAndProjectGiveTheSameFigures) {
    const json theirs =
        output_of({"info", pandaset_, "--sequences", "001", "--frames", "00", "--json"});
    const json ours = output_of({"info", log(), "--json"});
    EXPECT_EQ(ours.at("format"), "log");
    EXPECT_EQ(ours.at("points"), theirs.at("points"));
    EXPECT_EQ(ours.at("classes").size(), theirs.at("classes").size());
    const json their_view = output_of(
        {"project", pandaset_, "--frame", "001/00", "--camera", "front_camera", "--json"});
    const json our_view =
        output_of({"project", log(), "--frame", "00", "--camera", "front", "--json"});
    EXPECT_EQ(our_view.at("points_in_image"), 68430);
    EXPECT_EQ(our_view.at("points_in_image"), their_view.at("points_in_image"));
}

TEST_F(OwnLog, EvaluateAndSegmentGiveTheSameFigures) {
    const std::string weights = model();
    const auto evaluate = [&](std::vector<std::string> data, const std::string& json_file) {
        std::vector<std::string> arguments{"evaluate",
                                           "--model",
                                           weights,
                                           "--setting",
                                           "pandaset-to-kitti8",
                                           "--side",
                                           "source",
                                           "--json",
                                           (folder_ / json_file).string()};
        arguments.insert(arguments.end(), data.begin(), data.end());
        const auto outcome = run_program(arguments);
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return json::parse(read_bytes(folder_ / json_file));
    };
    const json theirs = evaluate(
        {"--data", "pandaset:" + pandaset_, "--sequences", "001", "--frames", "00"}, "a.json");
    const json ours = evaluate({"--data", log()}, "b.json");
    EXPECT_GT(ours.at("points").get<int>(), 100000);
    for (const char* key :
         {"miou", "miou_common", "miou_nanmean", "accuracy", "points", "classes", "confusion"}) {
        EXPECT_EQ(ours.at(key), theirs.at(key)) << key;
    }

    const auto segment = [&](std::vector<std::string> input, const std::string& out) {
        std::vector<std::string> arguments{"segment", "--model", weights, "--out",
                                           (folder_ / out).string()};
        arguments.insert(arguments.end(), input.begin(), input.end());
        const auto outcome = run_program(arguments);
        EXPECT_EQ(outcome.code, 0) << outcome.err;
    };
    segment({"pandaset:" + pandaset_, "--sequences", "001", "--frames", "00"}, "their-labels");
    segment({log()}, "our-labels");
    EXPECT_EQ(names_in(folder_ / "our-labels", "00"), names_in(folder_ / "their-labels", "001/00"));
    EXPECT_TRUE(fs::exists(folder_ / "our-labels/00.ply"));

    const auto bare = write_bytes(folder_ / "bare.ply",
                                  "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\n"
                                  "property float y\nproperty float z\nend_header\n1 2 3\n");
    expect_one_line_error(
        {"segment", "--model", weights, bare.string(), "--out", (folder_ / "nothing").string()}, 2,
        {"bare.ply", "no intensity"});
    EXPECT_FALSE(fs::exists(folder_ / "nothing")) << "nothing half-written";
}

}  // namespace
}  // namespace distillar::test
