// distillar-teacher-view, run as a program.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "formats/image.hpp"
#include "support/data.hpp"
#include "support/espnetv2.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;

struct Result {
    int code = -1;
    std::string output;  ///< stdout and stderr
};

class TeacherView : public testing::Test {
protected:
    Result run(const std::string& arguments) {
        const fs::path log = folder_ / "log.txt";
        const std::string command =
            std::string(DISTILLAR_TEACHER_VIEW) + " " + arguments + " >" + log.string() + " 2>&1";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_bytes(log)};
    }

    /// An image whose columns have these true ids, eight columns each.
    void write_scene(const std::string& name, const std::vector<int>& ids) {
        const int width = 8 * static_cast<int>(ids.size());
        formats::Image image{width, 20, {}}, classes{width, 20, {}};
        for (int pixel = 0; pixel < 20 * width; ++pixel) {
            const int id = ids[static_cast<std::size_t>(pixel % width / 8)];
            classes.rgb.insert(classes.rgb.end(), 3, static_cast<std::uint8_t>(id));
            image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(pixel * 3 % 256));
        }
        formats::write_png(folder_ / "images" / (name + ".png"), image);
        formats::write_png(folder_ / "classes" / (name + ".png"), classes);
    }

    std::string folders() const {
        return "--images " + (folder_ / "images").string() + " --classes " +
               (folder_ / "classes").string();
    }

    TemporaryFolder folder_;
};

TEST_F(TeacherView, CountsTheTruthByGroup) {
    const auto weights = write_random_espnetv2(folder_.path()).string();
    // road, road, sidewalk, wall, terrain, moving car, moving person, sky; pole, sign, other, none
    write_scene("a", {40, 44, 48, 51, 72, 252, 254, 1, 80, 81, 99, 0});
    write_scene("b", {60, 20, 30});
    const auto json_file = (folder_ / "out.json").string();
    const auto result = run(folders() + " --weights " + weights + " --json " + json_file +
                            " --pictures " + (folder_ / "pictures").string());
    ASSERT_EQ(result.code, 0) << result.output;
    EXPECT_NE(result.output.find("2 images, 1760 judged, 640 not judged"), std::string::npos)
        << result.output;
    const auto json = nlohmann::json::parse(read_bytes(json_file));
    std::vector<std::int64_t> truth;
    std::int64_t right = 0;
    for (std::size_t group = 0; group < 7; ++group) {
        const auto& row = json.at("confusion").at(group).get<std::vector<std::int64_t>>();
        ASSERT_EQ(row.size(), 8U);
        truth.push_back(0);
        for (const std::int64_t count : row) {
            truth.back() += count;
        }
        right += row[group];
        EXPECT_EQ(json.at("classes").at(group).at("truth"), truth.back());
    }
    EXPECT_EQ(truth, (std::vector<std::int64_t>{480, 160, 160, 160, 320, 320, 160}));
    EXPECT_DOUBLE_EQ(json.at("accuracy").get<double>(), static_cast<double>(right) / 1760);
    EXPECT_EQ(json.at("images").at(1).at("name"), "b");
    EXPECT_EQ(json.at("images").at(1).at("judged"), 480);
    const auto picture = formats::read_image(folder_ / "pictures/a.png");
    EXPECT_EQ(picture.width, 2 * 96 + 4);
}

TEST_F(TeacherView, MistakesAreOneLineWithAnExitCode) {
    const auto weights = write_random_espnetv2(folder_.path()).string();
    write_scene("a", {40});
    const auto expect = [&](const std::string& arguments, const std::string& part) {
        const auto result = run(arguments);
        EXPECT_EQ(result.code, 2) << result.output;
        EXPECT_NE(result.output.find(part), std::string::npos) << result.output;
        EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1) << result.output;
    };
    const std::string with_weights = " --weights " + weights;
    expect("--images x" + with_weights, "--images with --classes");
    expect("--pandaset x" + with_weights, "--sequence");
    expect(folders() + " --sequence 001" + with_weights, "--sequence");
    expect(folders() + " --weights " + (folder_ / "no.pth").string(), "no.pth");
    expect("--images nowhere --classes nowhere" + with_weights, "no such folder");
    expect("--pandaset nowhere --sequence 001" + with_weights, "nowhere");
    formats::write_png(folder_ / "images/b.png", formats::Image{1, 1, {0, 0, 0}});
    expect(folders() + with_weights, "no classes");
    formats::write_png(folder_ / "classes/b.png", formats::Image{2, 1, {0, 0, 0, 0, 0, 0}});
    expect(folders() + with_weights, "has 2 x 1 pixels, its image 1 x 1");
    EXPECT_EQ(run("--nonsense").code, 2);
    EXPECT_EQ(run("--help").code, 0);
}

TEST_F(TeacherView, AgreesWithTheLabelsOfPandaset) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto json_file = (folder_ / "out.json").string();
    const auto result =
        run("--pandaset " + (data / "pandaset").string() + " --sequence 001 --weights " +
            (data / "weights/espnetv2_s_2.0_city_1024x512.pth").string() + " --json " + json_file);
    ASSERT_EQ(result.code, 0) << result.output;
    const auto json = nlohmann::json::parse(read_bytes(json_file));
    EXPECT_GT(json.at("accuracy").get<double>(), 0.92);
    EXPECT_LT(json.at("accuracy").get<double>(), 0.95);
    EXPECT_EQ(json.at("images").size(), 2U);
}

TEST_F(TeacherView, UnderstandsSimulatedStreets) {
    DISTILLAR_DATA_OR_SKIP(data);
    for (const std::string city : {"a", "b", "c"}) {
        const auto log = folder_ / city;
        const std::string simulate = std::string(DISTILLAR_PROGRAM) + " simulate --city " + city +
                                     " --rig kitti --frames 2 --interval 20 --seed 2 --out " +
                                     log.string() + " >/dev/null 2>&1";
        ASSERT_EQ(std::system(simulate.c_str()), 0);
        const auto json_file = (folder_ / (city + ".json")).string();
        const auto sequence = log / "sequences/00";
        const auto result = run("--images " + (sequence / "image_2").string() + " --classes " +
                                (sequence / "extras/classes/image_2").string() + " --weights " +
                                (data / "weights/espnetv2_s_2.0_city_1024x512.pth").string() +
                                " --json " + json_file);
        ASSERT_EQ(result.code, 0) << result.output;
        const auto json = nlohmann::json::parse(read_bytes(json_file));
        EXPECT_EQ(json.at("images").size(), 2U);
        EXPECT_GT(json.at("accuracy").get<double>(), 0.8) << "city " << city;
    }
}

}  // namespace
}  // namespace distillar::test
