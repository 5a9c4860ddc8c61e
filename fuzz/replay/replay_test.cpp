/// Every file of fuzz/corpus through its target, whole and cut: what libFuzzer once found stays
/// found, and no build needs libFuzzer for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "fuzz/target.hpp"
#include "support/data.hpp"

namespace distillar::fuzz {
namespace {

namespace fs = std::filesystem;

std::map<std::string, Target>& targets() {
    static std::map<std::string, Target> all;
    return all;
}

const fs::path corpus = fs::path(DISTILLAR_SOURCE_DIR) / "fuzz" / "corpus";

std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& [name, target] : targets()) {
        names.push_back(name);
    }
    return names;
}

class Replay : public testing::TestWithParam<std::string> {
protected:
    /// Cuts at every byte of a small seed, else at some places.
    void replay(const fs::path& file) {
        const std::string text = test::read_bytes(file);
        const auto bytes = std::as_bytes(std::span(text));
        const std::size_t cuts = file.filename().string().starts_with("seed-") ? 256 : 32;
        const std::size_t step = 1 + bytes.size() / cuts;
        for (std::size_t size = 0; size < bytes.size(); size += step) {
            run(bytes.first(size), file);
        }
        run(bytes, file);
    }

private:
    void run(Bytes bytes, const fs::path& file) {
        try {
            targets().at(GetParam())(bytes);
        } catch (const std::exception& error) {
            ADD_FAILURE() << file << ", first " << bytes.size() << " bytes: " << error.what();
        }
    }
};

TEST_P(Replay, EveryFileAndEveryCut) {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(corpus / GetParam())) {
        replay(entry.path());
        ++files;
    }
    EXPECT_GT(files, 0u) << "write the seeds: build fuzz-seeds, then run it with fuzz/corpus";
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay, testing::ValuesIn(names()),
                         [](const auto& made) { return made.param; });

TEST(ReplayCorpus, EveryFolderHasItsTarget) {
    for (const auto& entry : fs::directory_iterator(corpus)) {
        EXPECT_TRUE(targets().contains(entry.path().filename().string())) << entry.path();
    }
}

}  // namespace

Registration::Registration(const char* name, Target target) {
    targets().emplace(name, target);
}

}  // namespace distillar::fuzz
