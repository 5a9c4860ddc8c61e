/// Texts cut at every byte: an error, or a valid shorter prefix, which a count beside it
/// contradicts; in little memory. The texts are the seeds of fuzz/corpus.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "datasets/kitti_calibration.hpp"
#include "datasets/log_file.hpp"
#include "datasets/pandaset_sequence.hpp"
#include "datasets/taxonomy.hpp"
#include "datasets/trajectory.hpp"
#include "formats/model_file.hpp"
#include "formats/peak_memory.hpp"
#include "support/data.hpp"

using namespace distillar;

namespace {

namespace fs = std::filesystem;
using Read = std::function<void(const fs::path&)>;

std::string seed(const std::string& name) {
    return test::read_bytes(fs::path(DISTILLAR_SOURCE_DIR) / "fuzz/corpus" / name);
}

/// Bytes of the longest prefix that is refused; the text as a whole must be read.
std::size_t longest_refused(const std::string& text, const fs::path& file, const Read& read) {
    std::size_t longest = 0;
    for (std::size_t size = 0; size <= text.size(); ++size) {
        test::write_bytes(file, text.substr(0, size));
        try {
            read(file);
        } catch (const base::Error& error) {
            EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos);
            longest = size;
        }
    }
    return longest;
}

/// What a reader may give for a shorter text, as far as the format lets it: `unseen` bytes.
struct Text {
    const char* seed;
    Read read;
    std::size_t unseen;  ///< cuts within so many bytes of the end cannot be seen
};

TEST(TextTruncation, CutsAreSeenUpToTheLastNumber) {
    const test::TemporaryFolder folder;
    for (const Text& text : std::initializer_list<Text>{
             {"json/seed-poses", datasets::read_pandaset_poses, 1},
             {"kitti_calibration/seed-odometry",
              [](const fs::path& file) { datasets::kitti_camera_2(file, "Tr"); }, 5},
             {"kitti_calibration/seed-object",
              [](const fs::path& file) { datasets::kitti_camera_2(file, "Tr_velo_to_cam"); }, 3},
             {"trajectory/seed-kitti",
              [](const fs::path& file) {
                  datasets::Trajectory(file, {1, 2}, 2);
              },
              2},
             {"configs/seed-description", formats::description_from_yaml, 400},
             {"configs/seed-classes", datasets::load_taxonomy_file, 400},
         }) {
        SCOPED_TRACE(text.seed);
        const std::string bytes = seed(text.seed);
        ASSERT_FALSE(bytes.empty());
        const test::PeakMemory memory;
        const std::size_t refused = longest_refused(bytes, folder / "cut", text.read);
        EXPECT_LT(refused, bytes.size()) << "the whole text is refused";
        EXPECT_GE(refused + text.unseen, bytes.size());
        EXPECT_WITHIN_MEMORY(memory, bytes.size());
    }
}

/// Times and poses are counted against the scans: a line less is seen.
TEST(TextTruncation, CountsTellWhereLinesAreCut) {
    const test::TemporaryFolder folder;
    const std::string times = "10.5\n11.5\n12.5\n";
    const std::string poses =
        "1 0 0 5 0 1 0 0 0 0 1 0\n1 0 0 6 0 1 0 0 0 0 1 0\n1 0 0 7 0 1 0 0 0 0 1 0\n";
    for (const char* scan : {"s/0.pcd", "s/1.pcd", "s/2.pcd"}) {
        test::write_bytes(folder / scan, "");
    }
    test::write_bytes(folder / "log.yaml",
                      "distillar-log: 1\nlidar: {scans: s/*.pcd, times: t, poses: p}\n");
    const Read read = [&](const fs::path&) { datasets::read_log_file(folder / "log.yaml"); };
    test::write_bytes(folder / "p", poses);
    // "12", "12." and "12.5" are all a third time; "1" is not after the second.
    EXPECT_GE(longest_refused(times, folder / "t", read), times.size() - 4);
    test::write_bytes(folder / "t", times);
    EXPECT_GE(longest_refused(poses, folder / "p", read), poses.size() - 3);
}

/// YAML cut between lines is often whole; never is it worse than an error.
TEST(TextTruncation, LogsAreReadOrRefused) {
    const test::TemporaryFolder folder;
    for (const char* file :
         {"s/0.pcd", "s/1.pcd", "l/0.label", "l/1.label", "i/0.png", "i/1.png"}) {
        test::write_bytes(folder / file, "");
    }
    test::write_bytes(folder / "t", "1\n2\n");
    test::write_bytes(folder / "p", "1 0 0 0 0 0 0 1\n2 1 0 0 0 0 0 1\n");
    test::write_bytes(folder / "n", "classes: [{name: road, raw: [1]}]\n");
    for (const char* name : {"log_yaml/seed-whole", "log_yaml/seed-matrix"}) {
        const std::string bytes = seed(name);
        const test::PeakMemory memory;
        EXPECT_LT(longest_refused(bytes, folder / "log.yaml", datasets::read_log_file),
                  bytes.size());
        EXPECT_WITHIN_MEMORY(memory, bytes.size());
    }
}

}  // namespace
