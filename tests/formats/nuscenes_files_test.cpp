#include "formats/nuscenes_files.hpp"

#include <algorithm>

#include "formats/cloud_testing.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::packed;

TEST(NuScenesBin, ReadsAndWritesExactly) {
    const test::TemporaryFolder folder;
    const auto file = folder / "a.pcd.bin";
    const std::string bytes = packed(1.f, -2.f, 0.3f, 17.f, 31.f, 4.f, 5.f, 6.f, 0.f, 65535.f);
    test::write_bytes(file, bytes);
    const auto cloud = formats::read_nuscenes_bin(file);
    ASSERT_EQ(cloud.size(), 2u);
    EXPECT_EQ(cloud.points(0, 2), static_cast<double>(0.3f));
    EXPECT_EQ(cloud.intensity, (std::vector<float>{17, 0}));
    EXPECT_EQ(cloud.ring, (std::vector<std::uint16_t>{31, 65535}));
    formats::write_nuscenes_bin(folder / "b.pcd.bin", cloud);
    EXPECT_EQ(test::read_bytes(folder / "b.pcd.bin"), bytes);
}

TEST(NuScenesBin, NamesWrongSizesAndFormats) {
    const test::TemporaryFolder folder;
    const auto file = folder / "scan.pcd.bin";
    test::write_bytes(file, "");
    EXPECT_HAS(error_of([&] { formats::read_nuscenes_bin(file); }), "scan.pcd.bin: is empty");
    test::write_bytes(file, std::string(21, '\0'));
    EXPECT_HAS(error_of([&] { formats::read_nuscenes_bin(file); }),
               "21 bytes is not a multiple of 20");
    test::write_bytes(file, std::string(16, '\0'));
    EXPECT_HAS(error_of([&] { formats::read_nuscenes_bin(file); }), "is it a KITTI .bin?");
    // 5 KITTI points are 4 nuScenes points by size; the ring tells.
    std::string kitti;
    for (int i = 0; i < 5; ++i) {
        kitti += packed(1.25f, 2.5f, -1.5f, 0.4f);
    }
    test::write_bytes(file, kitti);
    EXPECT_HAS(error_of([&] { formats::read_nuscenes_bin(file); }), "ring 1.25 of point 0");
    for (const float ring : {-1.f, 65536.f, 0.5f, test::nan32, 1e30f}) {
        test::write_bytes(file, packed(1.f, 2.f, 3.f, 4.f, ring));
        EXPECT_HAS(error_of([&] { formats::read_nuscenes_bin(file); }), "of point 0");
    }
    test::write_bytes(file, packed(test::nan32, 2.f, 3.f, 4.f, test::nan32));
    EXPECT_EQ(formats::read_nuscenes_bin(file).ring[0], 0);
}

TEST(Lidarseg, OneBytePerPoint) {
    const test::TemporaryFolder folder;
    const auto file = folder / "a_lidarseg.bin";
    const std::vector<std::uint32_t> label = {0, 31, 255};
    formats::write_lidarseg(file, label);
    EXPECT_EQ(test::read_bytes(file), std::string("\x00\x1f\xff", 3));
    EXPECT_EQ(formats::read_lidarseg(file), label);
    EXPECT_EQ(formats::read_lidarseg(file, 3), label);
    EXPECT_HAS(error_of([&] { formats::read_lidarseg(file, 5); }),
               "3 labels but the scan has 5 points");
    test::write_bytes(file, std::string(20, '\1'));
    EXPECT_HAS(error_of([&] { formats::read_lidarseg(file, 5); }), "SemanticKITTI .label");
    test::write_bytes(file, "");
    EXPECT_HAS(error_of([&] { formats::read_lidarseg(file, 5); }), "is empty");
    const std::vector<std::uint32_t> large = {1, 256};
    EXPECT_HAS(error_of([&] { formats::write_lidarseg(folder / "b", large); }),
               "point 1 has label 256");
    EXPECT_FALSE(std::filesystem::exists(folder / "b"));
}

TEST(NuScenesRealData, FrameHasItsPointsAndRings) {
    DISTILLAR_DATA_OR_SKIP(data);
    std::filesystem::path file;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data / "nuscenes")) {
        if (entry.path().string().ends_with(".pcd.bin")) {
            file = entry.path();
        }
    }
    ASSERT_FALSE(file.empty());
    const auto cloud = formats::read_nuscenes_bin(file);
    EXPECT_EQ(cloud.size(), 34688u);
    const auto [low, high] = std::minmax_element(cloud.ring.begin(), cloud.ring.end());
    EXPECT_EQ(*low, 0);
    EXPECT_EQ(*high, 31);
    const test::TemporaryFolder folder;
    formats::write_nuscenes_bin(folder / "a.pcd.bin", cloud);
    EXPECT_TRUE(test::read_bytes(folder / "a.pcd.bin") == test::read_bytes(file));
}

}  // namespace
}  // namespace distillar
