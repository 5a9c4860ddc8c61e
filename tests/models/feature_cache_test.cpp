#include "models/feature_cache.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/safetensors.hpp"
#include "models/made_teacher.hpp"
#include "support/data.hpp"
#include "support/every_fault.hpp"
#include "support/full_disk.hpp"

namespace distillar::models {
namespace {

namespace fs = std::filesystem;

class FeatureCaches : public testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < 6; ++i) {
            test::write_picture(image(i), i);
        }
    }
    fs::path image(int number) const {
        return folder_ / ("images/" + std::to_string(number) + ".png");
    }
    std::vector<fs::path> images() const {
        return {image(0), image(1), image(2), image(3), image(4), image(5)};
    }
    FeatureCache open(int components = 0, const std::string& name = "one",
                      const std::string& weights = "w") {
        return {std::make_unique<test::MadeTeacher>(name, weights, calls_), folder_ / "cache",
                components};
    }
    /// Fills with these images; the folder of the teacher.
    fs::path fill(const std::vector<fs::path>& chosen, int components = 0) {
        auto cache = open(components);
        cache.prepare([&] { return chosen; });
        for (const auto& one : chosen) {
            cache.features(one);
        }
        return cache.folder();
    }
    static std::vector<fs::path> shards(const fs::path& folder) {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (entry.path().filename().string().starts_with("shard-")) {
                found.push_back(entry.path());
            }
        }
        return found;
    }

    test::TemporaryFolder folder_;
    int calls_ = 0;
};

void expect_same(const FeatureGrid& actual, const FeatureGrid& expected) {
    EXPECT_TRUE(torch::equal(actual.values, expected.values));
    EXPECT_EQ(actual.geometry, expected.geometry);
    EXPECT_EQ(actual.image_width, expected.image_width);
    EXPECT_EQ(actual.image_height, expected.image_height);
    EXPECT_EQ(actual.input_width, expected.input_width);
    EXPECT_EQ(actual.input_height, expected.input_height);
}

TEST_F(FeatureCaches, TheTeacherRunsOncePerImageEver) {
    std::vector<FeatureGrid> first;
    {
        auto cache = open();
        for (const auto& one : images()) {
            first.push_back(cache.features(one));
        }
        EXPECT_EQ(calls_, 6);
        for (std::size_t i = 0; i < 6; ++i) {
            expect_same(cache.features(image(static_cast<int>(i))), first[i]);
        }
        EXPECT_EQ(calls_, 6) << "a second epoch";
    }
    auto cache = open();
    for (std::size_t i = 0; i < 6; ++i) {
        expect_same(cache.features(image(static_cast<int>(i))), first[i]);
    }
    EXPECT_EQ(calls_, 6) << "a second run";
    test::MadeTeacher teacher("one", "w", calls_);
    const auto exact = teacher.features(image(2));
    EXPECT_LT((first[2].values - exact.values).abs().max().item<double>(), 36 / 2048.0) << "fp16";
    EXPECT_EQ(first[2].geometry, CellGeometry::corners);
    EXPECT_EQ(first[2].input_width, 28);
    EXPECT_EQ(first[2].image_height, 4);
    EXPECT_EQ(shards(cache.folder()).size(), 1U) << "many images a file";
}

TEST_F(FeatureCaches, ContentDecidesNotThePath) {
    fill({image(0)});
    fs::create_directories(folder_ / "elsewhere");
    fs::copy_file(image(0), folder_ / "elsewhere/renamed.png");
    auto cache = open();
    EXPECT_TRUE(cache.has(folder_ / "elsewhere/renamed.png"));
    cache.features(folder_ / "elsewhere/renamed.png");
    EXPECT_EQ(calls_, 1);
    test::write_picture(image(0), 0, 9);  // another picture at the same path
    EXPECT_EQ(cache.features(image(0)).image_width, 9);
    EXPECT_EQ(calls_, 2);
}

TEST_F(FeatureCaches, AnotherNameWeightsOrPcaHasItsOwnFolder) {
    const auto kept = fill({image(0)});
    const auto bytes = test::read_bytes(shards(kept).at(0));
    std::set<fs::path> folders{kept};
    for (auto [name, weights] : {std::pair{"two", "w"}, {"one", "v"}}) {
        auto cache = open(0, name, weights);
        EXPECT_FALSE(cache.has(image(0)));
        cache.features(image(0));
        folders.insert(cache.folder());
    }
    EXPECT_EQ(calls_, 3);
    folders.insert(fill(images(), 2));
    folders.insert(fill(images(), 3));
    EXPECT_EQ(folders.size(), 5U);
    EXPECT_EQ(test::read_bytes(shards(kept).at(0)), bytes);
}

TEST_F(FeatureCaches, FeaturesOfOtherProcessesAreFound) {
    auto early = open();
    EXPECT_FALSE(early.has(image(0)));
    fill({image(0), image(1)});
    EXPECT_EQ(calls_, 2);
    early.features(image(0));
    early.features(image(1));
    EXPECT_EQ(calls_, 2) << "opened before they were written";
}

TEST_F(FeatureCaches, ProcessesThatFillOneFolderAtOnceDoNoHarm) {
    for (const int components : {0, 3}) {
        std::vector<pid_t> children;
        for (int child = 0; child < 4; ++child) {
            children.push_back(fork());
            if (children.back() == 0) {
                auto chosen = images();
                std::rotate(chosen.begin(), chosen.begin() + child, chosen.end());
                chosen.resize(4);
                fill(chosen, components);
                _exit(0);
            }
        }
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            EXPECT_EQ(status, 0);
        }
        auto cache = open(components);
        for (const auto& one : images()) {
            EXPECT_TRUE(cache.has(one)) << components;
        }
        for (const auto& entry : fs::directory_iterator(cache.folder())) {
            const auto name = entry.path().filename().string();
            EXPECT_TRUE(name.starts_with("shard-") || name == "teacher.json" ||
                        name == "pca.safetensors")
                << name;
        }
    }
}

TEST_F(FeatureCaches, DamagedAndForeignFilesAreLeftAloneAndComputedAnew) {
    const auto kept = fill({image(0), image(1)});
    auto foreign = open(0, "two");
    foreign.features(image(0));
    foreign.finish();
    const auto whole = shards(kept).at(0);
    const auto bytes = test::read_bytes(whole);
    fs::copy_file(shards(foreign.folder()).at(0), kept / "shard-foreign.safetensors");
    test::write_bytes(kept / "shard-short.safetensors", bytes.substr(0, bytes.size() - 9));
    test::write_bytes(kept / "shard-empty.safetensors", "");
    formats::write_safetensors(
        kept / "shard-odd.safetensors",
        {{"image", formats::make_half_tensor(std::vector<float>(5, 1), {5})}},
        {{"key", formats::read_safetensors(whole).metadata.at("key")}});
    test::write_bytes(kept / "shard-half.safetensors.77-0.part", bytes.substr(0, 40));
    calls_ = 0;
    {
        auto cache = open();
        cache.features(image(0));
        EXPECT_EQ(calls_, 0) << "the whole shard is read all the same";
    }
    fs::resize_file(whole, bytes.size() - 1);
    {
        auto cache = open();
        cache.features(image(0));
        EXPECT_EQ(calls_, 1);
    }
    EXPECT_EQ(test::read_bytes(whole).size(), bytes.size() - 1);
    EXPECT_EQ(test::read_bytes(kept / "shard-empty.safetensors"), "");
    EXPECT_EQ(shards(kept).size(), 7U);
    auto cache = open();
    cache.features(image(0));
    EXPECT_EQ(calls_, 1);
}

TEST_F(FeatureCaches, ADescriptionOfAnotherTeacherIsRefused) {
    const auto kept = fill({image(0)});
    for (const char* text : {"", "{\"key\": 7}", "{\"key\": \"another\"}", "[]"}) {
        test::write_bytes(kept / "teacher.json", text);
        const auto error = test::error_of([&] { open(); });
        EXPECT_NE(error.find("teacher.json: does not describe one"), std::string::npos) << error;
        EXPECT_EQ(test::read_bytes(kept / "teacher.json"), text);
    }
    fs::remove_all(kept);
    test::write_bytes(kept, "a file");
    EXPECT_NE(test::error_of([&] { open(); }).find("is no folder"), std::string::npos);
}

TEST_F(FeatureCaches, AFullDiskIsSaidOnceAndLeavesWhatWasThere) {
    const auto kept = fill({image(0)});
    const auto whole = shards(kept).at(0);
    const auto bytes = test::read_bytes(whole);
    {
        auto cache = open();
        cache.features(image(1));
        const test::FullDisk full(100);
        const auto error = test::error_of([&] { cache.finish(); });
        EXPECT_NE(error.find("cannot be written"), std::string::npos) << error;
        EXPECT_NE(error.find("free space"), std::string::npos) << error;
        EXPECT_NO_THROW(cache.finish());
        EXPECT_TRUE(cache.has(image(0)));
        EXPECT_FALSE(cache.has(image(1)));
    }
    EXPECT_EQ(shards(kept), std::vector<fs::path>{whole});
    EXPECT_EQ(test::read_bytes(whole), bytes);
    EXPECT_EQ(std::distance(fs::directory_iterator(kept), fs::directory_iterator()), 2);
}

TEST_F(FeatureCaches, AnImageThatIsNotThereIsNamed) {
    auto cache = open();
    EXPECT_NE(test::error_of([&] { cache.features(folder_ / "no.png"); }).find("no.png"),
              std::string::npos);
}

TEST_F(FeatureCaches, ReducedFeaturesAreThoseOfThePca) {
    auto cache = open(2);
    EXPECT_EQ(cache.name(), "one PCA 2");
    EXPECT_EQ(cache.channels(), 2);
    EXPECT_NE(test::error_of([&] { cache.features(image(0)); }).find("before"), std::string::npos);
    cache.prepare([&] { return std::vector<fs::path>{image(0), image(1), image(2)}; });
    EXPECT_EQ(calls_, 3);
    const auto reduced = cache.features(image(1));
    EXPECT_EQ(calls_, 3) << "fitting computed it";
    const auto later = cache.features(image(5));
    EXPECT_EQ(calls_, 4);
    EXPECT_EQ(later.values.sizes(), (std::vector<std::int64_t>{2, 3, 2}));
    const auto pca = read_pca(cache.folder() / "pca.safetensors", 4, 2);
    test::MadeTeacher teacher("one", "w", calls_);
    for (const auto& [actual, number] : {std::pair{reduced, 1}, {later, 5}}) {
        const auto expected = pca.reduce(teacher.features(image(number)).values);
        EXPECT_TRUE(torch::equal(actual.values, expected.to(torch::kHalf).to(torch::kFloat32)));
    }
}

TEST_F(FeatureCaches, APcaIsFittedOnceAndKept) {
    const auto kept = fill(images(), 2);
    const auto bytes = test::read_bytes(kept / "pca.safetensors");
    auto cache = open(2);
    cache.prepare([]() -> std::vector<fs::path> { throw std::logic_error("not asked for"); });
    fs::remove_all(kept);
    fill(images(), 2);
    EXPECT_EQ(test::read_bytes(kept / "pca.safetensors"), bytes)
        << "the same bits when fitted anew";
    fs::remove(kept / "pca.safetensors");
    fill({image(4), image(5)}, 2);
    EXPECT_FALSE(open(2).has(image(0))) << "features of the PCA before are not taken for its own";
    test::write_bytes(kept / "pca.safetensors", "damaged");
    EXPECT_NE(test::error_of([&] { open(2); }).find("pca.safetensors"), std::string::npos);
    EXPECT_NE(test::error_of([&] { open(5); }).find("5 components of the 4"), std::string::npos);
}

TEST_F(FeatureCaches, AFaultAnywhereLeavesACacheThatIsRight) {
    std::vector<FeatureGrid> right;
    {
        auto cache = open(2);
        cache.prepare([&] { return images(); });
        for (const auto& one : images()) {
            right.push_back(cache.features(one));
        }
    }
    const auto faults = test::with_every_fault(
        [&] { fs::remove_all(folder_ / "cache"); },
        [&] {
            auto cache = open(2);
            cache.prepare([&] { return images(); });
            cache.features(image(0));
            cache.finish();
        },
        [&](const test::Attempt& attempt) {
            SCOPED_TRACE(attempt.text());
            auto cache = open(2);
            cache.prepare([&] { return images(); });
            for (std::size_t i = 0; i < right.size(); ++i) {
                expect_same(cache.features(image(static_cast<int>(i))), right[i]);
            }
            cache.finish();
            calls_ = 0;
            for (const auto& one : images()) {
                open(2).features(one);
            }
            EXPECT_EQ(calls_, 0) << "it is full now";
        });
    EXPECT_GE(faults, 20U);
}

}  // namespace
}  // namespace distillar::models
