/// Every reader on a file cut at every byte: an error, or, where the format cannot tell, a shorter
/// prefix; in little memory. The files are the seeds of fuzz/corpus.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/bytes.hpp"
#include "formats/data_frame.hpp"
#include "formats/image.hpp"
#include "formats/inflate.hpp"
#include "formats/kitti.hpp"
#include "formats/model_file.hpp"
#include "formats/model_json.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/pandaset.hpp"
#include "formats/pcd.hpp"
#include "formats/peak_memory.hpp"
#include "formats/ply.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;

/// Returns how much was read: points, labels, or 1 for what is read whole or not at all.
using Read = std::function<std::size_t(const fs::path&)>;

struct Format {
    const char* target;  ///< folder of fuzz/corpus
    const char* seed;
    Read read;
    std::size_t record = 0;  ///< bytes; a cut between records cannot be seen. 0: none can
    std::size_t unseen = 0;  ///< bytes at the end whose loss cannot be seen: of the last number
};

template <typename Reader>
Read whole(Reader reader) {
    return [reader](const fs::path& file) -> std::size_t {
        reader(file);
        return 1;
    };
}

template <typename Reader>
Read points(Reader reader) {
    return [reader](const fs::path& file) { return reader(file).size(); };
}

std::size_t kitti_labels(const fs::path& file) {
    return formats::read_kitti_labels(file).label.size();
}

std::size_t lidarseg(const fs::path& file) {
    return formats::read_lidarseg(file).size();
}

void model_json(const fs::path& file) {
    formats::check_description(formats::description_from_json(base::read_text(file), file), file);
}

void frame(const fs::path& file) {
    const auto bytes = base::read_file(file);
    const auto pickle = formats::read_pickle(bytes, {formats::DataFrame::globals()}, file);
    formats::DataFrame(*pickle.root, file).doubles("x");
}

void labels(const fs::path& file) {
    formats::read_pandaset_labels(file);
}

void gunzip(const fs::path& file) {
    formats::gunzip(base::read_file(file), 1 << 20, file);
}

const std::vector<Format>& all_formats() {
    static const std::vector<Format> formats{
        {"records", "kitti", points(formats::read_kitti_bin), 16},
        {"records", "nuscenes", points(formats::read_nuscenes_bin), 20},
        {"records", "labels", kitti_labels, 4},
        {"records", "lidarseg", lidarseg, 1},
        {"pcd", "binary", whole(formats::read_pcd)},
        {"pcd", "compressed", whole(formats::read_pcd)},
        {"pcd", "ascii", whole(formats::read_pcd), 0, 1},
        {"pcd", "padded", whole(formats::read_pcd), 0, 1},
        {"ply", "binary", whole(formats::read_ply)},
        {"ply", "lists", whole(formats::read_ply), 0, 1},
        {"image", "png", whole(formats::read_image)},
        {"image", "gray", whole(formats::read_image)},
        {"image", "jpeg", whole(formats::read_image)},
        {"safetensors", "small", whole(formats::read_safetensors)},
        {"safetensors", "small", whole(formats::read_safetensors_metadata)},
        {"model", "plain", whole(formats::read_model)},
        {"model", "quantized", whole(formats::read_model)},
        {"model", "fused", whole(formats::read_model)},
        {"model", "plain-json", whole(model_json)},
        {"model", "fused-json", whole(model_json)},
        {"pth", "stored", whole(formats::read_pth)},
        {"pth", "deflated", whole(formats::read_pth)},
        {"pth", "zip64", whole(formats::read_pth)},
        {"pth", "legacy", whole(formats::read_pth)},
        {"pandaset", "lidar", whole(formats::read_pandaset_lidar)},
        {"pandaset", "lidar-stored", whole(formats::read_pandaset_lidar)},
        {"pandaset", "labels", whole(labels)},
        {"pandaset_pickle", "lidar", whole(frame)},
        {"inflate", "gzip", whole(gunzip)},
        {"inflate", "stored", whole(gunzip)},
    };
    return formats;
}

std::string seed_of(const Format& format) {
    return test::read_bytes(fs::path(DISTILLAR_SOURCE_DIR) / "fuzz/corpus" / format.target /
                            (std::string("seed-") + format.seed));
}

/// Reads the first `size` bytes; 0 if they were refused.
std::size_t read_cut(const Format& format, const fs::path& file, const std::string& bytes) {
    fs::remove(file);
    test::write_bytes(file, bytes);
    try {
        return format.read(file);
    } catch (const base::Error& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find("cut"), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
        return 0;
    }
}

TEST(Truncation, EveryByteOfEveryFormat) {
    const test::MemoryFolder folder;
    for (const Format& format : all_formats()) {
        SCOPED_TRACE(std::string(format.target) + " " + format.seed);
        const std::string bytes = seed_of(format);
        ASSERT_FALSE(bytes.empty());
        const test::PeakMemory memory;
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const std::size_t read = read_cut(format, folder / "cut", bytes.substr(0, size));
            const bool between = format.record != 0 && size % format.record == 0;
            const bool unseen = size + format.unseen >= bytes.size();
            ASSERT_EQ(read, between ? size / format.record : unseen ? read : 0) << size;
        }
        ASSERT_GT(read_cut(format, folder / "cut", bytes), 0u);
        EXPECT_WITHIN_MEMORY(memory, bytes.size());
    }
}

/// What the promise of little memory rests on.
TEST(Truncation, PeakMemorySeesWhatWasHeldForAMoment) {
    constexpr std::size_t size = 100 << 20;
    const test::PeakMemory memory;
    EXPECT_LT(memory.grown(), size / 2);
    std::string(size, 'x').clear();
    if (test::PeakMemory::is_meaningful()) {
        EXPECT_GE(memory.grown(), size / 2);
    }
}

/// A raw scan or label file that is cut between records: the count beside it tells.
TEST(Truncation, CountsBesideAFileTell) {
    const test::MemoryFolder folder;
    const auto file = test::write_bytes(folder / "cut", std::string(8, '\1'));
    const auto message = test::error_of([&] { formats::read_kitti_labels(file, 3); });
    EXPECT_NE(message.find("2 labels but the scan has 3 points"), std::string::npos) << message;
    EXPECT_NE(test::error_of([&] {
                  formats::read_lidarseg(file, 9);
              }).find("8 labels but the scan has 9 points"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar
