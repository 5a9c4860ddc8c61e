// The examples as a user runs them, and that the library prints nothing.
#include <array>
#include <cstdio>

#include "library/made_scan.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

struct Outcome {
    int status = 0;
    std::string output;
};

Outcome run(const std::string& command) {
    Outcome outcome;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 256> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
        outcome.output += buffer.data();
    }
    outcome.status = WEXITSTATUS(pclose(pipe));
    return outcome;
}

/// Points per class in an example's output.
std::vector<std::size_t> counts_in(const std::string& output) {
    std::vector<std::size_t> counts;
    std::istringstream lines(output);
    std::string name, line;
    std::size_t count = 0;
    while (std::getline(lines, line)) {
        std::istringstream(line) >> name >> count;
        counts.push_back(count);
    }
    return counts;
}

TEST(Examples, BothGiveTheLabelsOfTheLibraryAndNothingElse) {
    const test::TemporaryFolder folder;
    const std::string model = test::write_made_model(folder.path());
    const auto scan = test::made_scan(2000);
    const std::string file = test::write_bytes(
        folder / "000000.bin",
        std::string(reinterpret_cast<const char*>(scan.data()), scan.size() * sizeof(float)));
    Segmenter segmenter(Model::load(model));
    std::vector<std::size_t> expected(5);
    for (const std::uint8_t label : test::segment(segmenter, scan).classes) {
        ++expected[label];
    }
    for (const std::string example : {DISTILLAR_CPP_EXAMPLE, DISTILLAR_C_EXAMPLE}) {
        const Outcome outcome = run(example + " " + model + " " + file);
        EXPECT_EQ(outcome.status, 0) << outcome.output;
        EXPECT_EQ(counts_in(outcome.output), expected) << outcome.output;
        const Outcome wrong = run(example + " " + file + " " + file);
        EXPECT_EQ(wrong.status, 1);
        EXPECT_NE(wrong.output.find("000000.bin: "), std::string::npos) << wrong.output;
        EXPECT_EQ(run(example).status, 2);
    }
}

}  // namespace
}  // namespace distillar
