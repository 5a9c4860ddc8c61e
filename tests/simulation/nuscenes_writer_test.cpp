#include <nlohmann/json.hpp>
#include <set>

#include "simulation/writers/nuscenes_names.hpp"
#include "simulation/written.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class NuScenesWriter : public testing::Test {
protected:
    void SetUp() override {
        options_ = test::small_options(out_ / "nuscenes", "");
        options_.sequence = "61";
        test::write_made(options_, rig_);
    }
    json table(const std::string& name) const {
        return json::parse(
            test::read_bytes(options_.out / simulation::nuscenes_version / (name + ".json")));
    }
    test::TemporaryFolder out_;
    simulation::Rig rig_ = test::small_rig("nuscenes");
    simulation::SimulateOptions options_;
};

TEST_F(NuScenesWriter, ReaderGivesTheSameFrames) {
    const auto dataset = test::open_folder(options_.out);
    EXPECT_EQ(dataset->format(), "nuscenes");
    ASSERT_EQ(dataset->size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto made = test::made_frame(rig_, static_cast<int>(i));
        const auto frame = dataset->read(i);
        std::vector<std::uint32_t> labels;
        for (const auto category : made.lidars[0].category) {
            labels.push_back(simulation::nuscenes_id(category));
        }
        test::expect_same_points(frame, made.lidars[0], labels);
        ASSERT_EQ(frame.views.size(), 6U);
        for (std::size_t camera = 0; camera < 6; ++camera) {
            test::expect_same_view(frame, made, rig_, camera, false);
        }
        test::expect_extras(options_.out / "extras", made, rig_, frame, 0);
    }
    EXPECT_EQ(dataset->label_names().at(24), "flat.driveable_surface");
    EXPECT_EQ(dataset->label_names().size(), 32U);
}

TEST_F(NuScenesWriter, PublishedFrameIsXRightYForward) {
    datasets::Selection selection;
    selection.path = options_.out;
    selection.published_frame = true;
    const auto frame = datasets::open_dataset(selection)->read(0);
    const auto made = test::made_frame(rig_, 0);
    for (Eigen::Index i = 0; i < frame.points.rows(); ++i) {
        EXPECT_NEAR(frame.points(i, 0), -made.lidars[0].points(i, 1), 1e-5);
        EXPECT_NEAR(frame.points(i, 1), made.lidars[0].points(i, 0), 1e-5);
    }
}

TEST_F(NuScenesWriter, ScenesAreThoseOfTheOfficialSplits) {
    datasets::Selection selection;
    selection.path = options_.out;
    selection.split = "train";  // scene-0061
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 3U);
    selection.split = "val";
    EXPECT_HAS(test::error_of([&] { datasets::open_dataset(selection); }), "scene-0061");
}

/// What the official devkit resolves when it loads the tables.
TEST_F(NuScenesWriter, EveryTokenResolvesAndChainsAreWhole) {
    std::map<std::string, std::set<std::string>> tokens;
    for (const char* name : {"sensor", "calibrated_sensor", "ego_pose", "sample", "sample_data",
                             "scene", "log", "map", "category", "lidarseg"}) {
        for (const auto& row : table(name)) {
            const std::string token = row.at("token");
            EXPECT_EQ(token.size(), 32U);
            EXPECT_TRUE(tokens[name].insert(token).second) << name << " " << token;
        }
    }
    for (const char* name : {"attribute", "visibility", "instance", "sample_annotation"}) {
        EXPECT_EQ(table(name), json::array()) << name;
    }
    std::map<std::string, int> firsts;
    for (const auto& row : table("sample_data")) {
        EXPECT_TRUE(tokens["sample"].contains(row.at("sample_token")));
        EXPECT_TRUE(tokens["ego_pose"].contains(row.at("ego_pose_token")));
        EXPECT_TRUE(tokens["calibrated_sensor"].contains(row.at("calibrated_sensor_token")));
        EXPECT_TRUE(fs::exists(options_.out / row.at("filename")));
        EXPECT_EQ(row.at("next") == "" || tokens["sample_data"].contains(row.at("next")), true);
        firsts[row.at("calibrated_sensor_token")] += row.at("prev") == "" ? 1 : 0;
    }
    EXPECT_EQ(firsts.size(), 7U);
    for (const auto& [sensor, count] : firsts) {
        EXPECT_EQ(count, 1) << sensor;
    }
    for (const auto& row : table("lidarseg")) {
        EXPECT_TRUE(tokens["sample_data"].contains(row.at("sample_data_token")));
        EXPECT_TRUE(fs::exists(options_.out / row.at("filename")));
    }
    const json scene = table("scene").at(0);
    EXPECT_EQ(scene.at("name"), "scene-0061");
    EXPECT_EQ(scene.at("nbr_samples"), 3);
    EXPECT_EQ(scene.at("first_sample_token"), table("sample").at(0).at("token"));
    EXPECT_EQ(scene.at("last_sample_token"), table("sample").at(2).at("token"));
    const json map = table("map").at(0);
    EXPECT_EQ(map.at("log_tokens").at(0), table("log").at(0).at("token"));
    EXPECT_TRUE(fs::exists(options_.out / map.at("filename")));
}

TEST_F(NuScenesWriter, TokensDependOnTheSimulation) {
    auto other = options_;
    other.out = out_ / "other";
    other.seed = 4;
    test::write_made(other, rig_);
    const json rows =
        json::parse(test::read_bytes(other.out / simulation::nuscenes_version / "sample.json"));
    EXPECT_NE(rows.at(0).at("token"), table("sample").at(0).at("token"));
}

}  // namespace
}  // namespace distillar
