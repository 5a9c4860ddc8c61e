#include <algorithm>
#include <cmath>
#include <set>

#include "sample_testing.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;

TEST(Augmentation, DistillationFeaturesFollowTheCoordinates) {
    const Scan scan = random_scan(1000);
    InputSpec spec;
    spec.features = {"intensity", "x", "y", "z", "radius"};
    std::set<float> scales;
    int mirrored = 0;
    for (std::uint64_t index = 0; index < 40; ++index) {
        const Sample sample = augmented(scan, spec, Augmentation(), index);
        expect_consistent(scan, spec, sample);
        ASSERT_GT(sample.size(), 900U);
        const auto original = [&](std::size_t i) { return scan.points.row(sample.kept[i]); };
        const float scale = norm(sample, 0) / original(0).norm();
        EXPECT_GE(scale, 0.8999F);
        EXPECT_LE(scale, 1.1001F);
        scales.insert(scale);
        for (std::size_t i = 0; i < sample.size(); ++i) {
            const auto row = static_cast<Eigen::Index>(i);
            ASSERT_FLOAT_EQ(feature(sample, i, 0), (static_cast<float>(sample.kept[i]) - 10) / 2);
            for (int axis = 0; axis < 3; ++axis) {
                ASSERT_EQ(feature(sample, i, static_cast<std::size_t>(axis) + 1),
                          sample.coordinates(row, axis));
            }
            ASSERT_FLOAT_EQ(feature(sample, i, 4), norm(sample, i));
            ASSERT_NEAR(norm(sample, i), scale * original(i).norm(), 1e-4F);
            ASSERT_NEAR(sample.coordinates(row, 2), scale * original(i).z(), 1e-4F);
            // Distances keep: it is one rigid motion (perhaps a mirror) and one scale.
            const auto other = static_cast<Eigen::Index>((i * 7 + 1) % sample.size());
            ASSERT_NEAR((sample.coordinates.row(row) - sample.coordinates.row(other)).norm(),
                        scale * (original(i) - original(static_cast<std::size_t>(other))).norm(),
                        1e-3F);
        }
        const auto cross = [](auto a, auto b) { return a[0] * b[1] - a[1] * b[0]; };
        mirrored += cross(sample.coordinates.row(0), sample.coordinates.row(1)) *
                        cross(original(0), original(1)) <
                    0;
    }
    EXPECT_EQ(scales.size(), 40U);
    EXPECT_NEAR(mirrored, 27, 12);  // 2/3 of 40, 4 sigma
}

TEST(Augmentation, RotationTurnsCounterClockwiseByAnyAngle) {
    const Scan scan = random_scan(60);
    Augmentation augmentation;
    augmentation.flip_probability = 0;
    augmentation.scale = 0;
    std::array<int, 8> octants{};
    for (std::uint64_t index = 0; index < 800; ++index) {
        const Sample sample = augmented(scan, InputSpec(), augmentation, index);
        const auto turn = [&](Eigen::Index i) {
            const auto original = scan.points.row(sample.kept[static_cast<std::size_t>(i)]);
            return std::remainder(std::atan2(sample.coordinates(i, 1), sample.coordinates(i, 0)) -
                                      std::atan2(original.y(), original.x()),
                                  2 * M_PI);
        };
        ASSERT_NEAR(std::remainder(turn(0) - turn(30), 2 * M_PI), 0, 1e-4);
        ++octants.at(static_cast<std::size_t>((turn(0) + M_PI) / (2 * M_PI) * 7.9999));
    }
    for (const int count : octants) {
        EXPECT_NEAR(count, 100, 50);
    }
}

TEST(Augmentation, FlipsXOrYByAFairCoin) {
    const Scan scan = random_scan(30);
    Augmentation augmentation;
    augmentation.rotate = false;
    augmentation.scale = 0;
    std::array<int, 3> counts{};
    for (std::uint64_t index = 0; index < 900; ++index) {
        const Sample sample = augmented(scan, InputSpec(), augmentation, index);
        const auto original = scan.points.row(sample.kept[0]);
        const bool x = sample.coordinates(0, 0) == -original.x();
        const bool y = sample.coordinates(0, 1) == -original.y();
        ASSERT_FALSE(x && y);
        ++counts.at(x ? 0 : y ? 1 : 2);
    }
    for (const int count : counts) {
        EXPECT_NEAR(count, 300, 75);
    }
}

TEST(Augmentation, TiltTurnsTheRoadBelowTheLidar) {
    Scan scan = random_scan(400);
    scan.sensor_height = 1.7F;
    InputSpec spec;
    spec.features = {"x", "y", "z", "radius", "height"};
    Augmentation augmentation;
    augmentation.rotate = false;
    augmentation.flip_probability = 0;
    augmentation.scale = 0;
    augmentation.tilt = 10;
    const Eigen::RowVector3f road(0, 0, -1.7F);
    double largest = 0;
    for (std::uint64_t index = 0; index < 60; ++index) {
        const Sample sample = augmented(scan, spec, augmentation, index);
        double steepest = 0;
        for (std::size_t i = 0; i < sample.size(); ++i) {
            const auto row = static_cast<Eigen::Index>(i);
            const Eigen::RowVector3f before = scan.points.row(sample.kept[i]) - road;
            const Eigen::RowVector3f after = sample.coordinates.row(row) - road;
            ASSERT_NEAR(after.norm(), before.norm(), 1e-3F);
            ASSERT_NEAR(feature(sample, i, 4), sample.coordinates(row, 2) + 1.7F, 1e-5F);
            const double angle =
                std::acos(std::min(1.0F, after.dot(before) / (after.norm() * before.norm())));
            steepest = std::max(steepest, angle * 180 / M_PI);
        }
        ASSERT_LE(steepest, 10.1);
        largest = std::max(largest, steepest);
    }
    EXPECT_GT(largest, 7);
}

TEST(Augmentation, HeightJitterMovesTheScanUpOrDown) {
    const Scan scan = random_scan(50);
    Augmentation augmentation;
    augmentation.rotate = false;
    augmentation.flip_probability = 0;
    augmentation.scale = 0;
    augmentation.height_jitter = 0.3;
    std::set<float> shifts;
    for (std::uint64_t index = 0; index < 20; ++index) {
        const Sample sample = augmented(scan, InputSpec(), augmentation, index);
        const float shift = sample.coordinates(0, 2) - scan.points(sample.kept[0], 2);
        EXPECT_LE(std::abs(shift), 0.3001F);
        shifts.insert(shift);
        for (std::size_t i = 0; i < sample.size(); ++i) {
            const auto row = static_cast<Eigen::Index>(i);
            ASSERT_NEAR(sample.coordinates(row, 2) - scan.points(sample.kept[i], 2), shift, 1e-5F);
        }
    }
    EXPECT_EQ(shifts.size(), 20U);
}

TEST(Augmentation, DownstreamTurnsFeaturesByAnAngleOfTheirOwn) {
    const Scan scan = random_scan(1000);
    InputSpec spec;
    spec.features = {"height", "radius", "y", "x", "intensity", "z"};  // any order
    Augmentation augmentation;
    augmentation.order = Augmentation::Order::downstream;
    for (std::uint64_t index = 0; index < 20; ++index) {
        const Sample sample = augmented(scan, spec, augmentation, index);
        expect_consistent(scan, spec, sample);
        const auto original = [&](std::size_t i) { return scan.points.row(sample.kept[i]); };
        const float scale = feature(sample, 0, 1) / original(0).norm();
        EXPECT_GE(scale, 0.8999F);
        EXPECT_LE(scale, 1.1001F);
        const auto angle_of_feature = [&](std::size_t i) {
            return std::remainder(std::atan2(feature(sample, i, 2), feature(sample, i, 3)) -
                                      std::atan2(original(i).y(), original(i).x()),
                                  2 * M_PI);
        };
        const double angle = angle_of_feature(0);
        EXPECT_GT(std::abs(angle), 1e-3);
        double of_coordinates = 0;
        for (std::size_t i = 0; i < sample.size(); ++i) {
            const auto row = static_cast<Eigen::Index>(i);
            // Coordinates are not scaled, features are (height is not); the turn is another one and
            // never mirrors.
            ASSERT_NEAR(norm(sample, i), original(i).norm(), 1e-4F);
            ASSERT_EQ(sample.coordinates(row, 2), original(i).z());
            ASSERT_EQ(feature(sample, i, 0), original(i).z() + 1.75F);
            ASSERT_FLOAT_EQ(feature(sample, i, 1), scale * original(i).norm());
            ASSERT_FLOAT_EQ(feature(sample, i, 5), scale * original(i).z());
            ASSERT_NEAR(std::hypot(feature(sample, i, 2), feature(sample, i, 3)),
                        scale * std::hypot(original(i).x(), original(i).y()), 1e-4F);
            if (original(i).head<2>().norm() > 1) {
                ASSERT_NEAR(std::remainder(angle_of_feature(i) - angle, 2 * M_PI), 0, 1e-4);
            }
            of_coordinates = std::atan2(sample.coordinates(row, 1), sample.coordinates(row, 0));
        }
        const std::size_t last = sample.size() - 1;
        EXPECT_GT(std::abs(std::atan2(feature(sample, last, 2), feature(sample, last, 3)) -
                           of_coordinates),
                  1e-3);
    }
}

TEST(Augmentation, WithoutIntensityFeaturesKeepTheirMeaning) {
    Scan scan = random_scan(400);
    scan.intensity.clear();
    InputSpec spec;
    spec.features = {"z", "x"};
    Augmentation augmentation;
    augmentation.order = Augmentation::Order::downstream;
    InputSpec full = spec;
    full.features = {"x", "y", "z", "radius"};
    const Sample some = augmented(scan, spec, augmentation, 3);
    const Sample all = augmented(scan, full, augmentation, 3);
    ASSERT_EQ(some.kept, all.kept);
    for (std::size_t i = 0; i < some.size(); ++i) {
        ASSERT_EQ(feature(some, i, 0), feature(all, i, 2));
        ASSERT_EQ(feature(some, i, 1), feature(all, i, 0));
    }
    spec.features = {"intensity", "x"};
    EXPECT_NE(error_of([&] { augmented(scan, spec, augmentation, 3); }).find("'intensity'"),
              std::string::npos);
}

TEST(Augmentation, HeightStaysTheHeightAboveTheRoadWhenDistillationScales) {
    Points32 points(1, 3);
    points << 5, 0, -1.75F;
    const Scan scan = scan_of(points);
    InputSpec spec;
    spec.features = {"height", "z"};
    const Sample sample = augmented(scan, spec, Augmentation(), 4);
    EXPECT_NE(feature(sample, 0, 1), -1.75F);
    EXPECT_NEAR(feature(sample, 0, 0), 0, 1e-6F);
}

TEST(Augmentation, PointLimitKeepsTheNearestToACentreAmongTheVisible) {
    const Scan scan = random_scan();
    Rows visible;
    for (std::uint32_t row = 0; row < 3000; row += 2) {
        visible.push_back(row);
    }
    Augmentation augmentation;
    augmentation.max_points = 200;
    augmentation.random_voxel_point = false;
    const Sample all = preprocess(scan, InputSpec(), nullptr, nullptr, &visible);
    std::set<Rows> chosen;
    for (std::uint64_t index = 0; index < 10; ++index) {
        const Sample sample = augmented(scan, InputSpec(), augmentation, index, &visible);
        ASSERT_EQ(sample.size(), 200U);
        chosen.insert(sample.kept);
        // Some kept point is the centre: the others are its 200 nearest, in voxel order.
        const bool found =
            std::any_of(sample.kept.begin(), sample.kept.end(), [&](std::uint32_t center) {
                std::vector<std::pair<float, std::uint32_t>> near;
                for (const std::uint32_t row : all.kept) {
                    near.emplace_back(
                        (scan.points.row(row) - scan.points.row(center)).squaredNorm(), row);
                }
                std::sort(near.begin(), near.end());
                Rows nearest;
                for (std::size_t i = 0; i < 200; ++i) {
                    nearest.push_back(near[i].second);
                }
                Rows kept = sample.kept;
                std::sort(kept.begin(), kept.end());
                std::sort(nearest.begin(), nearest.end());
                return kept == nearest;
            });
        EXPECT_TRUE(found);
    }
    EXPECT_GT(chosen.size(), 8U);
    augmentation.max_points = 0;
    EXPECT_EQ(augmented(scan, InputSpec(), augmentation, 0, &visible).size(), all.size());
}

TEST(Augmentation, RandomNumbersAreAddressed) {
    const Scan scan = random_scan();
    Augmentation augmentation;
    augmentation.max_points = 500;
    for (const auto order : {Augmentation::Order::distillation, Augmentation::Order::downstream}) {
        augmentation.order = order;
        const Sample first = augmented(scan, InputSpec(), augmentation, 8);
        augmented(scan, InputSpec(), augmentation, 9);
        expect_equal(first, augmented(scan, InputSpec(), augmentation, 8));
        EXPECT_NE(first.kept, augmented(scan, InputSpec(), augmentation, 9).kept);
    }
}

}  // namespace
}  // namespace distillar::geometry
