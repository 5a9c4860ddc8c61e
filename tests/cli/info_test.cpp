#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace {

using nlohmann::json;

json info(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "info");
    arguments.emplace_back("--json");
    const Outcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return json::parse(outcome.out);
}

std::uint64_t points_of_class(const json& report, std::uint32_t id) {
    for (const auto& entry : report["classes"]) {
        if (entry["id"] == id) {
            return entry["points"];
        }
    }
    return 0;
}

/// A KITTI scan: a road 1.5 m below the sensor, a wall, and one point that is not finite.
std::string synthetic_scan() {
    std::vector<float> values;
    for (int i = 0; i < 2000; ++i) {
        const auto angle = static_cast<float>(i) * 0.01F;
        const float range = 5 + static_cast<float>(i % 100) * 0.15F;
        values.insert(values.end(), {range * std::cos(angle), range * std::sin(angle), -1.5F,
                                     static_cast<float>(i % 11) * 0.1F});
        values.insert(values.end(), {10, static_cast<float>(i % 50) * 0.1F,
                                     -1.5F + 0.002F * static_cast<float>(i), 0.5F});
    }
    values.insert(values.end(), {std::numeric_limits<float>::quiet_NaN(), 0, 0, 0});
    std::string bytes(values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

}  // namespace

TEST(Info, SingleScan) {
    const TemporaryFolder folder;
    const auto scan = write_bytes(folder / "000000.bin", synthetic_scan());
    const json report = info({scan});
    EXPECT_EQ(report["format"], "folder");
    EXPECT_EQ(report["frames"], 1);
    EXPECT_EQ(report["points"]["total"], 4000);
    EXPECT_EQ(report["points"]["not_finite"], 1);
    EXPECT_TRUE(report["cameras"].empty());
    EXPECT_TRUE(report["classes"].empty());
    const auto& contract = report["sensor_contract"];
    EXPECT_NEAR(contract["road"]["height"], 1.5, 0.02);
    EXPECT_NEAR(contract["intensity"]["max"], 1.0, 1e-6);
    EXPECT_NEAR(contract["extent"]["max"][0], 19.85, 0.2);
}

TEST(Info, TextNamesWhatMatters) {
    const TemporaryFolder folder;
    const auto scan = write_bytes(folder / "000000.bin", synthetic_scan());
    const Outcome outcome = run_program({"info", scan});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    for (const char* part : {"4,000 in all", "1 points left out", "1.50 m below", "intensity",
                             "extent", "labels          none"}) {
        EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
    }
}

TEST(Info, MeasuresAtMostSoManyFrames) {
    const TemporaryFolder folder;
    for (const char* name : {"0.bin", "1.bin", "2.bin", "3.bin", "4.bin"}) {
        write_bytes(folder / name, synthetic_scan());
    }
    const json report = info({folder.path(), "--measure", "2"});
    EXPECT_EQ(report["frames"], 5);
    EXPECT_EQ(report["measured_frames"], 2);
    EXPECT_EQ(report["points"]["total"], 8000);
    EXPECT_EQ(info({folder.path(), "--measure", "0"})["measured_frames"], 5);
    EXPECT_EQ(info({folder.path(), "--frames", "1:3"})["frames"], 2);
}

TEST(Info, ModelFileBelongsToInspect) {
    const TemporaryFolder folder;
    const auto model = write_bytes(folder / "model.safetensors", "anything");
    expect_one_line_error({"info", model}, 2, {"model.safetensors", "distillar inspect"});
}

TEST(Info, ScanNamedOnTheCommandLineThatIsBroken) {
    const TemporaryFolder folder;
    const auto scan = write_bytes(folder / "000000.bin", "seventeen bytes..");
    expect_one_line_error({"info", scan}, 2, {"000000.bin"});
    const auto empty = write_bytes(folder / "000001.bin", "");
    expect_one_line_error({"info", empty}, 2, {"000001.bin"});
}

TEST(Info, BrokenScanFoundAfterTheStart) {
    const TemporaryFolder folder;
    for (const char letter : std::string("0123456789")) {
        write_bytes(folder / (std::string(1, letter) + ".bin"), synthetic_scan());
    }
    write_bytes(folder / "broken.bin", "seventeen bytes..");
    expect_one_line_error({"info", folder.path(), "--measure", "0"}, 1, {"broken.bin"});
}

// The table "Numbers a correct reader gets" of the data's README. --------------------------------

TEST(Info, PandaSet) {
    DISTILLAR_DATA_OR_SKIP(data);
    const json first = info({data / "pandaset", "--frames", "002/00"});
    EXPECT_EQ(first["format"], "pandaset");
    EXPECT_EQ(first["points"]["total"], 166768);
    EXPECT_EQ(first["cameras"].size(), 6);
    EXPECT_EQ(first["cameras"][0]["width"], 1920);
    const json other = info({data / "pandaset", "--sequences", "001"});
    EXPECT_EQ(other["frames"], 2);
    EXPECT_EQ(other["labelled_frames"], 2);
    EXPECT_EQ(other["points"]["min"], 169171);
    EXPECT_EQ(other["points"]["max"], 169439);
}

TEST(Info, PandaSetSensorsAddUp) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto points = [&](const std::string& sensor) {
        return info(
                   {data / "pandaset", "--frames", "002/00", "--sensor", sensor})["points"]["total"]
            .get<int>();
    };
    EXPECT_EQ(points("pandar64") + points("pandargt"), 166768);
}

TEST(Info, SemanticKitti) {
    DISTILLAR_DATA_OR_SKIP(data);
    const json report = info({data / "semantickitti", "--format", "semantickitti", "--sequences",
                              "00", "--frames", "000000"});
    EXPECT_EQ(report["points"]["total"], 124668);
    const std::map<std::uint32_t, std::uint64_t> expected{{40, 34228}, {48, 26360}, {70, 27123},
                                                          {50, 18268}, {10, 4234},  {255, 88}};
    for (const auto& [id, points] : expected) {
        EXPECT_EQ(points_of_class(report, id), points) << id;
    }
    EXPECT_NEAR(report["sensor_contract"]["road"]["height"], 1.73, 0.1);
    const json other = info({"semantickitti:" + (data / "semantickitti").string(), "--sequences",
                             "07", "--frames", "000964"});
    EXPECT_EQ(other["points"]["total"], 120485);
    EXPECT_EQ(points_of_class(other, 10), 10400);
}

TEST(Info, UnlabelledKittiSequence) {
    DISTILLAR_DATA_OR_SKIP(data);
    const json report =
        info({data / "semantickitti", "--format", "semantickitti", "--sequences", "90"});
    EXPECT_EQ(report["frames"], 16);
    EXPECT_EQ(report["labelled_frames"], 0);
    EXPECT_NEAR(report["points"]["mean"], 112000, 3000);
    EXPECT_EQ(report["cameras"][0]["frames"], 16);
}

TEST(Info, NuScenes) {
    DISTILLAR_DATA_OR_SKIP(data);
    const json report = info({data / "nuscenes"});
    EXPECT_EQ(report["format"], "nuscenes");
    EXPECT_EQ(report["points"]["total"], 34688);
    EXPECT_NEAR(report["sensor_contract"]["road"]["height"], 1.84, 0.1);
}

TEST(Info, PandaSetRoad) {
    DISTILLAR_DATA_OR_SKIP(data);
    for (const char* sequence : {"001", "002"}) {
        const json report = info({data / "pandaset", "--sequences", sequence, "--measure", "2"});
        EXPECT_NEAR(report["sensor_contract"]["road"]["height"], 1.87, 0.13) << sequence;
    }
}

TEST(Info, SameForAnyNumberOfThreads) {
    DISTILLAR_DATA_OR_SKIP(data);
    const std::string path = data / "pandaset";
    EXPECT_EQ(info({path, "--measure", "3", "--threads", "1"}),
              info({path, "--measure", "3", "--threads", "3"}));
}

TEST(Info, MisspeltNamesOfRealData) {
    DISTILLAR_DATA_OR_SKIP(data);
    const std::string path = data / "pandaset";
    expect_one_line_error({"info", path, "--frames", "002/01"}, 2,
                          {"002/01", "did you mean '002/0"});
    expect_one_line_error({"info", path, "--cameras", "frnt_camera"}, 2,
                          {"frnt_camera", "did you mean 'front_camera'"});
    expect_one_line_error({"info", path, "--sequences", "01"}, 2, {"'01'", "did you mean '001'"});
    expect_one_line_error({"info", path, "--sensor", "pandar"}, 2, {"pandar", "pandar64"});
}

TEST(Info, AmbiguousLayout) {
    const TemporaryFolder folder;
    write_bytes(folder / "sequences/00/velodyne/000000.bin", synthetic_scan());
    expect_one_line_error({"info", folder.path()}, 2,
                          {"semantickitti", "synlidar", "semanticposs", "--format"});
}

}  // namespace distillar::test
