#include "formats/kitti.hpp"

#include <map>

#include "formats/cloud_testing.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::packed;

std::map<std::uint32_t, int> histogram(const std::vector<std::uint32_t>& labels) {
    std::map<std::uint32_t, int> counts;
    for (const std::uint32_t label : labels) {
        ++counts[label];
    }
    return counts;
}

TEST(KittiBin, ReadsAndWritesExactly) {
    const test::TemporaryFolder folder;
    const auto file = folder / "a/b.bin";
    const std::string bytes =
        packed(1.5f, -2.25f, 0.1f, 0.75f, test::nan32, 1e30f, -0.0f, test::nan32);
    test::write_bytes(file, bytes);
    const auto cloud = formats::read_kitti_bin(file);
    ASSERT_EQ(cloud.size(), 2u);
    EXPECT_EQ(cloud.points(0, 1), -2.25);
    EXPECT_EQ(cloud.points(0, 2), static_cast<double>(0.1f));
    EXPECT_EQ(cloud.intensity[0], 0.75f);
    EXPECT_TRUE(std::isnan(cloud.points(1, 0)));
    EXPECT_TRUE(cloud.ring.empty() && cloud.label.empty());
    formats::write_kitti_bin(folder / "c.bin", cloud);
    EXPECT_EQ(test::read_bytes(folder / "c.bin"), bytes);
}

TEST(KittiBin, MissingIntensityIsZeroAndWrongLengthsAreRefused) {
    const test::TemporaryFolder folder;
    formats::Cloud cloud;
    cloud.points = geometry::Points::Ones(3, 3);
    formats::write_kitti_bin(folder / "a.bin", cloud);
    EXPECT_EQ(formats::read_kitti_bin(folder / "a.bin").intensity, std::vector<float>(3, 0));
    cloud.intensity = {1, 2};
    EXPECT_HAS(error_of([&] { formats::write_kitti_bin(folder / "b.bin", cloud); }),
               "2 values of intensity for 3 points");
    EXPECT_FALSE(std::filesystem::exists(folder / "b.bin"));
}

TEST(KittiBin, NamesWrongSizes) {
    const test::TemporaryFolder folder;
    const auto file = folder / "scan.bin";
    test::write_bytes(file, "");
    EXPECT_HAS(error_of([&] { formats::read_kitti_bin(file); }), "scan.bin: is empty");
    test::write_bytes(file, std::string(17, '\0'));
    EXPECT_HAS(error_of([&] { formats::read_kitti_bin(file); }),
               "17 bytes is not a multiple of 16");
    test::write_bytes(file, std::string(20 * 3, '\0'));
    EXPECT_HAS(error_of([&] { formats::read_kitti_bin(file); }), "is it a nuScenes .pcd.bin?");
    EXPECT_HAS(error_of([&] { formats::read_kitti_bin(folder / "none.bin"); }), "no such file");
    EXPECT_HAS(error_of([&] { formats::read_kitti_bin(folder.path()); }), "not a regular file");
    test::expect_cuts_refused(formats::read_kitti_bin, file, packed(1.f, 2.f, 3.f, 4.f), 16);
}

TEST(KittiLabels, SplitsClassAndInstance) {
    const test::TemporaryFolder folder;
    const auto file = folder / "a.label";
    const std::vector<std::uint32_t> label = {0, 40, 65535, 259};
    const std::vector<std::uint32_t> instance = {0, 7, 65535, 300};
    formats::write_kitti_labels(file, label, instance);
    EXPECT_EQ(test::read_bytes(file), packed(0u, 7u << 16 | 40u, 0xFFFFFFFFu, 300u << 16 | 259u));
    const auto labels = formats::read_kitti_labels(file, 4);
    EXPECT_EQ(labels.label, label);
    EXPECT_EQ(labels.instance, instance);
    formats::write_kitti_labels(file, label);
    EXPECT_EQ(formats::read_kitti_labels(file).instance, std::vector<std::uint32_t>(4, 0));
}

TEST(KittiLabels, RefusesOtherLengthsAndLargeIds) {
    const test::TemporaryFolder folder;
    const auto file = folder / "a.label";
    test::write_bytes(file, packed(1u, 2u, 3u));
    EXPECT_HAS(error_of([&] { formats::read_kitti_labels(file, 4); }),
               "a.label: 3 labels but the scan has 4 points");
    test::write_bytes(file, "12345");
    EXPECT_HAS(error_of([&] { formats::read_kitti_labels(file); }),
               "5 bytes is not a multiple of 4");
    test::write_bytes(file, "");
    EXPECT_HAS(error_of([&] { formats::read_kitti_labels(file, 4); }), "is empty");

    const std::vector<std::uint32_t> large = {1, 65536};
    const std::vector<std::uint32_t> fine = {1, 2};
    EXPECT_HAS(error_of([&] { formats::write_kitti_labels(folder / "b", large); }),
               "point 1 has label 65536");
    EXPECT_HAS(error_of([&] { formats::write_kitti_labels(folder / "b", fine, large); }),
               "instance 65536");
    EXPECT_HAS(error_of([&] {
                   formats::write_kitti_labels(folder / "b", fine, std::span(large).first(1));
               }),
               "2 labels but 1 instances");
    EXPECT_FALSE(std::filesystem::exists(folder / "b"));
}

TEST(KittiRealData, CountsOfSemanticKitti) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto sequence = data / "semantickitti/sequences/00";
    EXPECT_EQ(formats::read_kitti_bin(sequence / "velodyne/000000.bin").size(), 124668u);
    auto counts =
        histogram(formats::read_kitti_labels(sequence / "labels/000000.label", 124668).label);
    EXPECT_EQ(counts[40], 34228);
    EXPECT_EQ(counts[48], 26360);
    EXPECT_EQ(counts[70], 27123);
    EXPECT_EQ(counts[50], 18268);
    EXPECT_EQ(counts[10], 4234);
    EXPECT_EQ(counts[255], 88);
    const auto other = data / "semantickitti/sequences/07";
    EXPECT_EQ(formats::read_kitti_bin(other / "velodyne/000964.bin").size(), 120485u);
    counts = histogram(formats::read_kitti_labels(other / "labels/000964.label", 120485).label);
    EXPECT_EQ(counts[10], 10400);
}

TEST(KittiRealData, RoundTripKeepsEveryByte) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    const auto sequence = data / "semantickitti/sequences/00";
    formats::write_kitti_bin(folder / "a.bin",
                             formats::read_kitti_bin(sequence / "velodyne/000000.bin"));
    EXPECT_TRUE(test::read_bytes(folder / "a.bin") ==
                test::read_bytes(sequence / "velodyne/000000.bin"));
    const auto labels = formats::read_kitti_labels(sequence / "labels/000000.label");
    formats::write_kitti_labels(folder / "a.label", labels.label, labels.instance);
    EXPECT_TRUE(test::read_bytes(folder / "a.label") ==
                test::read_bytes(sequence / "labels/000000.label"));
}

TEST(KittiRealData, RellisScanHasEmptyReturns) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto cloud = formats::read_kitti_bin(data / "rellis3d/000104.bin");
    ASSERT_EQ(cloud.size(), 131072u);
    EXPECT_EQ((cloud.points.array() != 0).rowwise().any().count(), 77708);
    EXPECT_EQ(formats::read_kitti_labels(data / "rellis3d/000104.label", 131072).label.size(),
              131072u);
}

}  // namespace
}  // namespace distillar
