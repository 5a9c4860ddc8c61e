// Every writer of a file that a user keeps, with every file call failing: the old or the new file.
#include <filesystem>

#include "base/files.hpp"
#include "formats/cloud_testing.hpp"
#include "formats/image.hpp"
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/pcd.hpp"
#include "formats/ply.hpp"
#include "formats/safetensors.hpp"
#include "support/data.hpp"
#include "support/every_fault.hpp"

namespace distillar::formats {
namespace {

namespace fs = std::filesystem;

struct Writer {
    const char* name;
    std::function<void(const fs::path&)> write;
};

std::vector<Writer> writers() {
    const Cloud cloud = test::sample_cloud(4000);  // above what is buffered
    const std::vector<std::uint32_t> label(40'000, 7);
    const std::vector<float> values(40'000, 0.5F);
    const Tensors tensors{{"a", make_tensor(values, {40'000})},
                          {"b", make_tensor(values, {200, 200})}};
    const Image image{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 9)};
    return {
        {"scan.bin", [=](const fs::path& file) { write_kitti_bin(file, cloud); }},
        {"scan.label", [=](const fs::path& file) { write_kitti_labels(file, label, label); }},
        {"scan.pcd.bin", [=](const fs::path& file) { write_nuscenes_bin(file, cloud); }},
        {"lidarseg.bin", [=](const fs::path& file) { write_lidarseg(file, label); }},
        {"ascii.pcd", [=](const fs::path& file) { write_pcd(file, cloud, PcdEncoding::ascii); }},
        {"packed.pcd",
         [=](const fs::path& file) { write_pcd(file, cloud, PcdEncoding::binary_compressed); }},
        {"cloud.ply", [=](const fs::path& file) { write_ply(file, cloud); }},
        {"model.safetensors", [=](const fs::path& file) { write_safetensors(file, tensors); }},
        {"picture.png", [=](const fs::path& file) { write_png(file, image); }},
        {"picture.jpg", [=](const fs::path& file) { write_jpeg(file, image); }},
    };
}

TEST(FileFaults, EveryWriterLeavesTheOldFileOrTheNew) {
    for (const auto& writer : writers()) {
        SCOPED_TRACE(writer.name);
        const test::TemporaryFolder folder;
        const fs::path file = folder / writer.name;
        writer.write(file);
        const std::string fresh = test::read_bytes(file);
        const auto faults = test::with_every_fault(
            [&] { base::write_file(file, "old"); }, [&] { writer.write(file); },
            [&](const test::Attempt& attempt) {
                EXPECT_EQ(test::read_bytes(file), attempt.failed ? "old" : fresh) << attempt.text();
                EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1)
                    << attempt.text() << ": something is left beside";
            });
        EXPECT_GE(faults, 8U);
    }
}

}  // namespace
}  // namespace distillar::formats
