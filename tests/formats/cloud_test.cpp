#include "formats/cloud.hpp"

#include "formats/cloud_testing.hpp"
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/pcd.hpp"
#include "formats/ply.hpp"

namespace distillar {
namespace {

TEST(Cloud, IsReadByItsName) {
    const test::TemporaryFolder folder;
    auto cloud = test::sample_cloud(20);
    for (auto& ring : cloud.ring) {
        ring = static_cast<std::uint16_t>(ring % 32);
    }
    formats::write_nuscenes_bin(folder / "a.pcd.bin", cloud);
    formats::write_kitti_bin(folder / "a.bin", cloud);
    formats::write_pcd(folder / "a.PCD", cloud);
    formats::write_ply(folder / "a.b.ply", cloud);
    for (const char* name : {"a.pcd.bin", "a.bin", "a.PCD", "a.b.ply"}) {
        EXPECT_TRUE(formats::is_cloud_name(folder / name));
        test::expect_same_points(formats::read_cloud(folder / name), cloud);
    }
    EXPECT_EQ(formats::read_cloud(folder / "a.pcd.bin").ring, cloud.ring);
    EXPECT_TRUE(formats::read_cloud(folder / "a.bin").ring.empty());
}

TEST(Cloud, OtherEndingsListTheSupportedOnes) {
    for (const char* name : {"a.las", "bin", "a.pcd.gz", "a.label", "", "folder.bin/"}) {
        EXPECT_FALSE(formats::is_cloud_name(name)) << name;
        const std::string error = test::error_of([&] { formats::read_cloud(name); });
        EXPECT_HAS(error, "supported endings are .bin (KITTI), .pcd.bin (nuScenes), .pcd and .ply");
    }
    EXPECT_HAS(test::error_of([] { formats::read_cloud("/nowhere/a.pcd"); }),
               "/nowhere/a.pcd: no such file");
}

}  // namespace
}  // namespace distillar
