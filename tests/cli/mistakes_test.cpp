// A hundred mistakes that people make: one clear line each, before work starts, nothing written.
#include "cli/mistakes.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "base/text.hpp"
#include "cli/labelled_log.hpp"
#include "cli/program.hpp"
#include "cli/small_model.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos;
         at += to.size()) {
        text.replace(at, from.size(), to);
    }
    return text;
}

class Mistaken : public testing::Test {
protected:
    void SetUp() override {
        make_labelled_log(folder_ / "log", 3);
        make_models();
        make_scans();
        fs::create_directories(folder_ / "empty");
        write_bytes(folder_ / "text.txt", "1 2 3\n");
        const auto made =
            run_program({"simulate", "--city", "a", "--rig", "kitti", "--format", "semantickitti",
                         "--frames", "1", "--out", folder_ / "kitti"});
        ASSERT_EQ(made.code, 0) << made.err;
    }

    void make_models() {
        auto description = small_pd8_description(16);
        description.input.features = {"intensity", "x", "y", "height", "radius"};
        formats::write_model(folder_ / "m.safetensors", runtime::random_model(description, 1));
        description.class_set = "";
        description.classes.clear();
        formats::write_model(folder_ / "backbone.safetensors",
                             runtime::random_model(description, 1));
        const std::string model = read_bytes(folder_ / "m.safetensors");
        write_bytes(folder_ / "cut.safetensors", model.substr(0, 2000));
        write_bytes(folder_ / "page.safetensors", "<!DOCTYPE html><html>log in</html>\n");
        write_bytes(folder_ / "pointer.safetensors",
                    "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    }

    void make_scans() {
        const auto cloud = formats::read_kitti_bin(folder_ / "log/lidar/000000.bin");
        formats::write_kitti_bin(folder_ / "scan.bin", cloud);
        auto wrong = cloud;
        wrong.points *= 1000;
        formats::write_kitti_bin(folder_ / "millimetres.bin", wrong);
        const std::string scan = read_bytes(folder_ / "scan.bin");
        std::vector<float> none(400, std::numeric_limits<float>::quiet_NaN());
        write_bytes(folder_ / "nan.bin",
                    {reinterpret_cast<const char*>(none.data()), none.size() * sizeof(float)});
        write_bytes(folder_ / "empty.bin", "");
        write_bytes(folder_ / "cut.bin", scan.substr(0, 1001));
        write_bytes(folder_ / "labels.bin", scan.substr(0, 801 * 4));
    }

    void write_text(const std::string& file, const std::string& text) {
        write_bytes(folder_ / file, replaced(text, "@", folder_.path().string()));
    }

    Outcome outcome_of(const Mistake& mistake) {
        std::vector<std::string> words;
        for (const auto& word : base::split(mistake.command, ' ')) {
            if (!word.empty()) {
                words.push_back(replaced(word, "@", folder_.path().string()));
            }
        }
        return run_program(words);
    }

    TemporaryFolder folder_;
};

/// The lines of stderr that are warnings or errors.
std::vector<std::string> findings(const std::string& err) {
    constexpr std::size_t info_at = 8;  // "12:34:56 info ..."
    std::vector<std::string> lines;
    for (const auto& line : base::split(err, '\n')) {
        if (!line.empty() && line.find(" info ") != info_at) {
            lines.push_back(line);
        }
    }
    return lines;
}

TEST_F(Mistaken, AHundredMistakesAreToldInOneLine) {
    const auto mistakes = all_mistakes();
    EXPECT_GE(mistakes.size(), 100U);
    for (const auto& mistake : mistakes) {
        SCOPED_TRACE(mistake.what + ": distillar " + mistake.command);
        for (const char* file : {"log/log.yaml", "log/lidar.txt", "run.yaml", "teacher.yaml"}) {
            write_text(file, base_text(file));
        }
        if (!mistake.file.empty()) {
            const std::string text = base_text(mistake.file);
            EXPECT_NE(text.find(mistake.from), std::string::npos);
            write_text(mistake.file, replaced(text, mistake.from, mistake.to));
        }
        const Outcome outcome = outcome_of(mistake);
        const auto lines = findings(outcome.err);
        EXPECT_EQ(outcome.code, mistake.code) << outcome.err;
        EXPECT_EQ(lines.size(), 1U) << outcome.err;
        if (lines.empty()) {
            continue;
        }
        EXPECT_EQ(lines[0].starts_with("distillar: error: "), !mistake.warning) << outcome.err;
        for (const auto& part : mistake.says) {
            EXPECT_NE(lines[0].find(part), std::string::npos) << part << "\n" << outcome.err;
        }
        for (const char* left : {"run", "o", "o.png", "o.jpg", "o.safetensors", "features"}) {
            EXPECT_TRUE(mistake.warning || !fs::exists(folder_ / left)) << left << " is left";
            fs::remove_all(folder_ / left);
        }
    }
}

}  // namespace
}  // namespace distillar::test
