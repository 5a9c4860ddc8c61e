/// Where and when the frames of PandaSet were.
#include "datasets/pandaset_sequence.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "frames.hpp"
#include "geometry/neighbors.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;

using test::error_of;
using test::select;

/// Buildings, signs and other static objects within 40 m, every fifth point.
geometry::Points static_points(const datasets::Frame& frame) {
    std::vector<Eigen::Index> rows;
    for (std::size_t i = 0; i < frame.labels.size(); i += 5) {
        const auto row = static_cast<Eigen::Index>(i);
        const auto label = frame.labels[i];
        const bool is_static = label == 36 || label == 41 || label == 42;
        if (is_static && frame.points.row(row).norm() < 40) {
            rows.push_back(row);
        }
    }
    return frame.points(rows, Eigen::all);
}

/// Median distance of points to the nearest ones of a scan, metres.
double median_distance(const geometry::Points& points, const geometry::Points& scan) {
    const geometry::Points32 references = scan.cast<float>();
    const geometry::Points32 queries = points.cast<float>();
    const auto nearest = geometry::nearest_point(references, queries);
    std::vector<float> distances;
    for (std::size_t i = 0; i < nearest.size(); ++i) {
        distances.push_back(
            (queries.row(static_cast<Eigen::Index>(i)) - references.row(nearest[i])).norm());
    }
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    return *middle;
}

TEST(PandasetSequence, PosesCarryStaticPointsFromScanToScan) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    selection.sequences = {"002"};
    selection.sensor = "pandar64";
    selection.with_cameras = false;
    const auto dataset = datasets::open_dataset(selection);
    // It hardly moves at first; here it drives 1.8 m, 2.6 m and 2.7 m from frame to frame.
    for (const std::size_t index : {8U, 12U, 14U}) {
        const auto before = dataset->read(index);
        const auto after = dataset->read(index + 1);
        EXPECT_NEAR(*after.time - *before.time, 0.5, 0.001);
        const geometry::Pose T_after_before =
            after.T_world_frame->inverse() * *before.T_world_frame;
        const auto points = static_points(before);
        ASSERT_GT(points.rows(), 500);
        const double right =
            median_distance(geometry::transform(T_after_before, points), after.points);
        const double unmoved = median_distance(points, after.points);
        const double wrong =
            median_distance(geometry::transform(T_after_before.inverse(), points), after.points);
        EXPECT_LT(right, 0.06);
        EXPECT_GT(unmoved, 2 * right);
        EXPECT_GT(wrong, 3 * right);
        EXPECT_LT(T_after_before.translation().x(), -1);  // it drives forward: things come nearer
    }
}

TEST(PandasetSequence, WorldPointsDoNotDependOnTheFrameAskedFor) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    selection.frames = "002/05";
    selection.with_cameras = false;
    const auto canonical = datasets::open_dataset(selection)->read(0);
    selection.published_frame = true;
    const auto published = datasets::open_dataset(selection)->read(0);
    EXPECT_EQ(canonical.sequence, "002");
    EXPECT_EQ(canonical.time, 1557539957.000168);
    const Eigen::Vector3d one = *canonical.T_world_frame * canonical.points.row(1000).transpose();
    const Eigen::Vector3d other = *published.T_world_frame * published.points.row(1000).transpose();
    EXPECT_TRUE(one.isApprox(other, 1e-9));
    EXPECT_GT((canonical.points.row(1000) - published.points.row(1000)).norm(), 1);
}

TEST(PandasetSequence, TimesAreOptional) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto outline = test::open(data / "pandaset/001")->outline(1);
    EXPECT_EQ(outline.id, "001/03");
    EXPECT_EQ(outline.sequence, "001");
    EXPECT_TRUE(outline.T_world_frame);
    EXPECT_FALSE(outline.time);
    EXPECT_EQ(outline.points.rows(), 0);
}

TEST(PandasetSequence, BrokenTimesAreNamed) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    fs::create_directories(folder / "009/lidar");
    for (const std::string name : {"03.pkl.gz", "poses.json"}) {
        fs::create_symlink(data / "pandaset/001/lidar" / name, folder / ("009/lidar/" + name));
    }
    const auto expect = [&](const std::string& text, const std::string& part) {
        test::write_bytes(folder / "009/meta/timestamps.json", text);
        const auto message = error_of([&] { test::open(folder.path(), "pandaset")->read(0); });
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_NE(message.find("meta/timestamps.json"), std::string::npos) << message;
    };
    expect("[1, 2", "is not JSON from byte");
    expect("{}", "must be a list");
    expect("[1, \"2\", 3, 4]", "time 1 must be a number");
    expect("[1, 2, 3]", "has 3 times, none for frame 3");
    expect("[]", "has 0 times, none for frame 3");
    test::write_bytes(folder / "009/meta/timestamps.json", "[1, 2, 3, 4.5]");
    EXPECT_EQ(test::open(folder.path(), "pandaset")->read(0).time, 4.5);
}

}  // namespace
}  // namespace distillar
