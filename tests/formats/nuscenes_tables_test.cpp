#include "formats/nuscenes_tables.hpp"

#include <gtest/gtest.h>

#include <map>

#include "formats/bytes.hpp"

namespace distillar {
namespace {

using test::error_of;

/// One sample, a lidar and a camera key frame, one sweep.
std::map<std::string, std::string> valid_tables() {
    return {
        {"sample", R"([{"token":"s1","timestamp":1532402927647951,"prev":"","next":"s2",
                        "scene_token":"c1"}])"},
        {"scene", R"([{"token":"c1","name":"scene-0061","nbr_samples":39}])"},
        {"sample_data", R"([
            {"token":"d1","sample_token":"s1","ego_pose_token":"e1","calibrated_sensor_token":"k1",
             "timestamp":1532402927647951,"is_key_frame":true,"height":0,"width":0,
             "filename":"samples/LIDAR_TOP/a.pcd.bin","extra":{"deep":[{"token":"no"}]}},
            {"token":"d2","sample_token":"s1","ego_pose_token":"e2","calibrated_sensor_token":"k1",
             "timestamp":1,"is_key_frame":false,"height":0,"width":0,"filename":"sweeps/a"},
            {"token":"d3","sample_token":"s1","ego_pose_token":"e3","calibrated_sensor_token":"k2",
             "timestamp":1532402927612460,"is_key_frame":true,"height":900,"width":1600,
             "filename":"samples/CAM_FRONT/a.jpg"}])"},
        {"sensor",
         R"([{"token":"n1","channel":"LIDAR_TOP"},{"token":"n2","channel":"CAM_FRONT"}])"},
        {"calibrated_sensor", R"([
            {"token":"k1","sensor_token":"n1","translation":[1,2,3],"rotation":[1,0,0,0],
             "camera_intrinsic":[]},
            {"token":"k2","sensor_token":"n2","translation":[0,0,0.5],
             "rotation":[0.5,-0.5,0.5,-0.5],"camera_intrinsic":[[1266,0,816],[0,1267,491],[0,0,1]]},
            {"token":"k3","sensor_token":"gone","translation":[0,0,0],"rotation":[1,0,0,0],
             "camera_intrinsic":[]}])"},
        {"ego_pose", R"([
            {"token":"e1","timestamp":1,"rotation":[0,0,0,1],"translation":[411.3,1180.9,0]},
            {"token":"e2","timestamp":1,"rotation":[1,0,0,0],"translation":[0,0,0]},
            {"token":"e3","timestamp":1,"rotation":[2,0,0,0],"translation":[1,0,0]}])"},
        {"category", R"([{"token":"g","name":"noise","index":0},{"token":"h","name":"car"}])"},
        {"lidarseg", R"([{"token":"d1","sample_data_token":"d1","filename":"lidarseg/a.bin"}])"}};
}

class NuScenesTableFiles : public testing::Test {
protected:
    void lay() {
        for (const auto& [name, text] : tables_) {
            test::write_bytes(folder_ / (name + ".json"), text);
        }
    }
    formats::NuScenesTables read() { return formats::read_nuscenes_tables(folder_.path()); }
    /// The message with one table replaced.
    std::string message(const std::string& table, const std::string& text) {
        lay();
        test::write_bytes(folder_ / (table + ".json"), text);
        const auto error = error_of([&] { read(); });
        EXPECT_NE(error.find(table + ".json"), std::string::npos) << text << ": " << error;
        EXPECT_EQ(error.find('\n'), std::string::npos) << error;
        return error;
    }
    /// The message with some text of a table replaced.
    std::string changed(const std::string& table, const std::string& from, const std::string& to) {
        std::string text = tables_.at(table);
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return message(table, text.replace(at, from.size(), to));
    }

    test::MemoryFolder folder_;
    std::map<std::string, std::string> tables_ = valid_tables();
};

TEST_F(NuScenesTableFiles, ReadsWhatIsThere) {
    lay();
    const auto tables = read();
    ASSERT_EQ(tables.samples.size(), 1u);
    EXPECT_EQ(tables.samples[0].token, "s1");
    EXPECT_EQ(tables.samples[0].scene, "c1");
    EXPECT_EQ(tables.samples[0].next, "s2");
    EXPECT_EQ(tables.samples[0].timestamp, 1532402927647951);
    EXPECT_EQ(tables.scene_names.at("c1"), "scene-0061");

    const auto& data = tables.data.at("s1");
    ASSERT_EQ(data.size(), 2u);  // no sweeps
    EXPECT_EQ(data[0].token, "d1");
    EXPECT_EQ(data[1].file, "samples/CAM_FRONT/a.jpg");
    EXPECT_EQ(data[1].width, 1600);
    EXPECT_EQ(data[1].height, 900);

    EXPECT_EQ(tables.calibrated.at("k1").channel, "LIDAR_TOP");
    EXPECT_TRUE(tables.calibrated.at("k1").intrinsic.empty());
    EXPECT_EQ(tables.calibrated.at("k1").T_ego_sensor.translation(), Eigen::Vector3d(1, 2, 3));
    EXPECT_EQ(tables.calibrated.at("k2").intrinsic,
              (std::vector<double>{1266, 0, 816, 0, 1267, 491, 0, 0, 1}));
    EXPECT_EQ(tables.calibrated.at("k3").channel, "");  // a dangling token

    EXPECT_EQ(tables.ego_poses.size(), 2u);  // only those of kept rows
    EXPECT_FALSE(tables.ego_poses.contains("e2"));
    const Eigen::Vector3d turned = tables.ego_poses.at("e1") * Eigen::Vector3d(1, 0, 0);
    EXPECT_NEAR((turned - Eigen::Vector3d(410.3, 1180.9, 0)).norm(), 0, 1e-9);
    EXPECT_NEAR(tables.ego_poses.at("e3").linear().determinant(), 1, 1e-12);  // normalised

    ASSERT_EQ(tables.categories.size(), 2u);
    EXPECT_EQ(tables.categories[0].index, 0);
    EXPECT_EQ(tables.categories[1].index, -1);
    EXPECT_EQ(tables.lidarseg.at("d1"), "lidarseg/a.bin");
}

TEST_F(NuScenesTableFiles, OnlyLidarsegMayBeAbsent) {
    lay();
    std::filesystem::remove(folder_ / "lidarseg.json");
    EXPECT_TRUE(read().lidarseg.empty());
    for (const auto& [name, text] : tables_) {
        if (name != "lidarseg") {
            lay();
            std::filesystem::remove(folder_ / (name + ".json"));
            EXPECT_NE(error_of([&] { read(); }).find(name + ".json"), std::string::npos);
        }
    }
}

TEST_F(NuScenesTableFiles, EveryPrefixOfEveryTableFails) {
    for (const auto& [name, text] : tables_) {
        lay();
        test::expect_prefixes_fail(
            text, folder_ / (name + ".json"), [&] { read(); }, 5);
    }
}

TEST_F(NuScenesTableFiles, MalformedJsonNamesTheByte) {
    EXPECT_NE(message("scene", "[{\"token\" 1}]").find("byte 11"), std::string::npos);
    message("scene", tables_.at("scene") + "x");
    message("scene", tables_.at("scene") + tables_.at("scene"));
    message("scene", std::string(1'000'000, '['));
    message("scene", "[{\"a\xFF\":1}]");
    message("scene", "[{\"a\":1e999}]");
}

TEST_F(NuScenesTableFiles, NoTables) {
    for (const char* text :
         {"{}", "1", "null", "\"a\"", "[1]", "[null]", "[[]]", "[\"a\"]", "true"}) {
        EXPECT_NE(message("scene", text).find("list of objects"), std::string::npos) << text;
    }
}

TEST_F(NuScenesTableFiles, MissingAndMistypedFieldsAreNamed) {
    EXPECT_NE(changed("scene", "\"name\"", "\"nome\"").find("[0].name is missing"),
              std::string::npos);
    changed("scene", "\"scene-0061\"", "61");
    changed("scene", "\"scene-0061\"", "null");
    changed("scene", "\"scene-0061\"", "[\"scene-0061\"]");
    changed("scene", "\"scene-0061\"", "{}");
    changed("scene", "\"scene-0061\"", "\"a\",\"name\":\"b\"");
    changed("sample", "1532402927647951", "1.5");
    changed("sample", "1532402927647951", "\"1\"");
    changed("sample", "1532402927647951", "18446744073709551615");
    changed("sample", "1532402927647951", "[1,2]");
    changed("sample", "\"s2\"", "2");
    changed("sample_data", "\"is_key_frame\":true", "\"is_key_frame\":\"true\"");
    changed("sample_data", "\"is_key_frame\":true,", "");
    changed("sample_data", "\"width\":1600", "\"width\":-1");
    changed("sample_data", "\"width\":1600", "\"width\":4294967296");
    EXPECT_NE(changed("sample_data", "\"width\":1600", "\"width\":1600.5")
                  .find("[2].width is not an integer"),
              std::string::npos);
    changed("category", "\"index\":0", "\"index\":256");
    changed("category", "\"index\":0", "\"index\":\"0\"");
}

TEST_F(NuScenesTableFiles, PosesAndIntrinsicsThatLie) {
    changed("calibrated_sensor", "[1,0,0,0]", "[1,0,0]");
    changed("calibrated_sensor", "[1,0,0,0]", "[0,0,0,0]");
    changed("calibrated_sensor", "[1,2,3]", "[1,2]");
    changed("calibrated_sensor", "[1,2,3]", "[\"1\",2,3]");
    changed("calibrated_sensor", "[1266,0,816],", "");
    changed("calibrated_sensor", "[1266,0,816]", "[1266,0,816,1]");
    std::string many = "[";
    for (int i = 0; i < 100; ++i) {
        many += "1,";
    }
    EXPECT_NE(changed("calibrated_sensor", "[1266,0,816]", many + "1]").find("64"),
              std::string::npos);
    changed("ego_pose", "[0,0,0,1]", "[0,0,0,0]");
    lay();
}

TEST_F(NuScenesTableFiles, AnUnusedPoseMayBeAnything) {
    auto& text = tables_.at("ego_pose");
    text.replace(text.find("[1,0,0,0]"), 9, "[0,0,0,0]");
    lay();
    EXPECT_EQ(read().ego_poses.size(), 2u);
}

TEST_F(NuScenesTableFiles, RepeatedTokensFail) {
    changed("scene", "}]", R"(},{"token":"c1","name":"scene-0062"}])");
    changed("sensor", "\"n2\"", "\"n1\"");
    changed("calibrated_sensor", "\"k2\"", "\"k1\"");
    changed("ego_pose", "\"e3\"", "\"e1\"");
}

TEST_F(NuScenesTableFiles, RealTables) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto tables = formats::read_nuscenes_tables(data / "nuscenes" / "v1.0-mini");
    ASSERT_EQ(tables.samples.size(), 1u);
    EXPECT_EQ(tables.scene_names.at(tables.samples[0].scene), "scene-0061");
    const auto& rows = tables.data.at("ca9a282c9e77460f8360f564131a8af5");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(tables.calibrated.size(), 120u);
    EXPECT_EQ(tables.calibrated.at(rows[0].calibrated_sensor).channel, "LIDAR_TOP");
    EXPECT_EQ(tables.calibrated.at(rows[1].calibrated_sensor).intrinsic.size(), 9u);
    EXPECT_EQ(tables.ego_poses.size(), 2u);
    EXPECT_EQ(tables.categories.size(), 23u);
    EXPECT_EQ(tables.categories[0].name, "human.pedestrian.adult");
}

}  // namespace
}  // namespace distillar
