#include "geometry/preprocess.hpp"

#include <cmath>
#include <limits>

#include "base/thread_pool.hpp"
#include "geometry/voxel_grid.hpp"
#include "sample_testing.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;

TEST(Preprocess, ValidationKeepsTheFirstPointPerVoxelAndCrops) {
    Points32 points(5, 3);
    points << 1, 2, 3, 1.01F, 2.01F, 3.01F, 70, 0, 0, -1, -2, -3, -1, 5, 0;
    const Scan scan = scan_of(points);
    InputSpec spec;
    spec.features = {"intensity", "x", "y", "z", "radius", "height", "constant"};
    const Sample sample = preprocess(scan, spec, nullptr, nullptr);
    EXPECT_EQ(sample.kept, (Rows{3, 4, 0}));
    EXPECT_EQ(sample.channels, 7);
    const std::vector<float> expected{(3 - 10) / 2.0F, -1, -2, -3, std::sqrt(14.0F), -1.25F, 1,  //
                                      (4 - 10) / 2.0F, -1, 5,  0,  std::sqrt(26.0F), 1.75F,  1,  //
                                      (0 - 10) / 2.0F, 1,  2,  3,  std::sqrt(14.0F), 4.75F,  1};
    EXPECT_EQ(sample.features, expected);
    EXPECT_EQ(sample.neighbor_count, 16);
    EXPECT_EQ(sample.neighbors[0], 2);  // sqrt(56) m away
    EXPECT_EQ(sample.neighbors[1], 1);  // sqrt(58) m, and repeated
    EXPECT_EQ(sample.neighbors[15], 1);
    expect_consistent(scan, spec, sample);
}

TEST(Preprocess, VoxelZeroKeepsEveryPoint) {
    const Scan scan = scan_of(Points32::Constant(30, 3, 1.5F));
    InputSpec spec;
    EXPECT_EQ(preprocess(scan, spec, nullptr, nullptr).size(), 1U);
    spec.voxel = 0;
    const Sample sample = preprocess(scan, spec, nullptr, nullptr);
    EXPECT_EQ(sample.size(), 30U);
    EXPECT_EQ(sample.kept[29], 29U);
}

TEST(Preprocess, FewPointsAndNone) {
    InputSpec spec;
    for (int count = 0; count < 20; ++count) {
        const Scan scan = scan_of(test::random_cloud(count, 20, 51));
        const Sample sample = preprocess(scan, spec, nullptr, nullptr);
        EXPECT_EQ(sample.size(), static_cast<std::size_t>(count));
        EXPECT_EQ(sample.neighbors.size(), static_cast<std::size_t>(count) * 16);
        expect_consistent(scan, spec, sample);
    }
    // Nothing in the field of view: an empty sample that still knows its shape.
    Points32 far = test::random_cloud(100, 5, 52);
    far.col(0).array() += 100;
    const Scan scan = scan_of(far);
    for (const auto order : {Augmentation::Order::distillation, Augmentation::Order::downstream}) {
        Augmentation augmentation;
        augmentation.order = order;
        augmentation.rotate = false;
        augmentation.max_points = 10;
        const Sample sample = augmented(scan, spec, augmentation, 0);
        EXPECT_EQ(sample.size(), 0U);
        EXPECT_EQ(sample.channels, 5);
        EXPECT_EQ(sample.neighbor_count, 16);
        EXPECT_EQ(sample.cells.size(), 3U);
        EXPECT_TRUE(sample.labels.empty());
        EXPECT_EQ(make_batch({&sample}, spec.grids).size(), 0U);
        EXPECT_NE(error_of([&] { nearest_kept(scan, sample); }).find("field of view"),
                  std::string::npos);
    }
}

TEST(Preprocess, CropKeepsFeaturesWithTheirPoints) {
    const Scan scan = random_scan(2000, 80);
    InputSpec spec;
    spec.features = {"radius", "height", "z"};
    Augmentation augmentation;
    augmentation.scale = 0;
    for (const auto order : {Augmentation::Order::distillation, Augmentation::Order::downstream}) {
        augmentation.order = order;
        const Sample sample = augmented(scan, spec, augmentation, 6);
        ASSERT_GT(sample.size(), 100U);
        ASSERT_LT(sample.size(), 1900U);
        expect_consistent(scan, spec, sample);
        for (std::size_t i = 0; i < sample.size(); ++i) {
            const auto original = scan.points.row(sample.kept[i]);
            ASSERT_NEAR(feature(sample, i, 0), original.norm(), 1e-4F);
            ASSERT_FLOAT_EQ(feature(sample, i, 1), original.z() + 1.75F);
            ASSERT_FLOAT_EQ(feature(sample, i, 2), original.z());
        }
    }
}

TEST(Preprocess, VisiblePointsAreComparedWithThoseOfTheVoxelGrid) {
    const Scan scan = random_scan(3000, 5);
    InputSpec spec;
    const Rows voxels = voxel_subsample(scan.points, spec.voxel, nullptr);
    ASSERT_LT(voxels.size(), 2990U);
    Rows visible;
    for (std::uint32_t row = 0; row < 3000; row += 3) {
        visible.push_back(row);
    }
    Rows expected;
    for (const std::uint32_t row : voxels) {
        if (row % 3 == 0) {
            expected.push_back(row);
        }
    }
    // A visible point whose voxel kept another one is gone: the grid is that of the whole scan.
    EXPECT_EQ(preprocess(scan, spec, nullptr, nullptr, &visible).kept, expected);
    const Rows nothing;
    EXPECT_EQ(preprocess(scan, spec, nullptr, nullptr, &nothing).size(), 0U);
    const Rows foreign{5, 3000};
    EXPECT_NE(error_of([&] {
                  preprocess(scan, spec, nullptr, nullptr, &foreign);
              }).find("row 3000 of a scan of 3000"),
              std::string::npos);
}

TEST(Preprocess, SameBitsForAnyNumberOfThreads) {
    const Scan scan = random_scan(9000);
    base::set_thread_count(1);
    const Sample one = augmented(scan, InputSpec(), Augmentation(), 5);
    for (const std::size_t threads : {2, 5}) {
        base::set_thread_count(threads);
        expect_equal(one, augmented(scan, InputSpec(), Augmentation(), 5));
    }
    base::set_thread_count(0);
}

TEST(Preprocess, RefusesWhatCannotWork) {
    const Scan good = random_scan(50);
    const auto scan_error = [&](auto&& change) {
        Scan scan = good;
        change(scan);
        return error_of([&] { preprocess(scan, InputSpec(), nullptr, nullptr); });
    };
    EXPECT_NE(scan_error([](Scan& s) { s.intensity.pop_back(); }).find("49 intensities"),
              std::string::npos);
    EXPECT_NE(scan_error([](Scan& s) { s.labels.push_back(1); }).find("51 labels"),
              std::string::npos);
    EXPECT_NE(scan_error([](Scan& s) { s.scale.deviation = 0; }).find("deviation"),
              std::string::npos);
    EXPECT_NE(scan_error([](Scan& s) { s.sensor_height = NAN; }).find("height"), std::string::npos);
    EXPECT_NE(scan_error([](Scan& s) { s.points(4, 0) = NAN; }).find("not finite"),
              std::string::npos);
    const auto spec_error = [&](auto&& change) {
        InputSpec spec;
        change(spec);
        return error_of([&] { preprocess(good, spec, nullptr, nullptr); });
    };
    EXPECT_NE(spec_error([](InputSpec& s) {
                  s.features = {"intesity"};
              }).find("did you mean 'intensity'"),
              std::string::npos);
    EXPECT_NE(spec_error([](InputSpec& s) {
                  s.features = {"x", "y", "x"};
              }).find("twice"),
              std::string::npos);
    EXPECT_NE(spec_error([](InputSpec& s) { s.features.clear(); }).find("none given"),
              std::string::npos);
    EXPECT_NE(spec_error([](InputSpec& s) { s.neighbors = 0; }).find("0 neighbours"),
              std::string::npos);
    EXPECT_NE(spec_error([](InputSpec& s) { s.voxel = -1; }).find("voxel of -1"),
              std::string::npos);
    const auto augmentation_error = [&](auto&& change) {
        Augmentation augmentation;
        change(augmentation);
        return error_of([&] { augmented(good, InputSpec(), augmentation, 0); });
    };
    EXPECT_NE(augmentation_error([](Augmentation& a) { a.max_points = -1; }).find("max_points"),
              std::string::npos);
    EXPECT_NE(augmentation_error([](Augmentation& a) { a.flip_probability = 2; }).find("flip"),
              std::string::npos);
    EXPECT_NE(augmentation_error([](Augmentation& a) { a.tilt = -1; }).find("tilt"),
              std::string::npos);
    EXPECT_NE(
        augmentation_error([](Augmentation& a) { a.height_jitter = INFINITY; }).find("jitter"),
        std::string::npos);
    EXPECT_NE(augmentation_error([](Augmentation& a) { a.scale = 1; }).find("scale"),
              std::string::npos);
    const Augmentation augmentation;
    EXPECT_NE(
        error_of([&] { preprocess(good, InputSpec(), &augmentation, nullptr); }).find("Random"),
        std::string::npos);
}

TEST(Preprocess, SurvivesExtremeCoordinatesAndIntensities) {
    Scan scan = random_scan(100);
    scan.points.row(3) << 3e38F, 0, 0;
    EXPECT_NE(error_of([&] { preprocess(scan, InputSpec(), nullptr, nullptr); }).find("outliers"),
              std::string::npos);
    scan.points.row(3) << 1e15F, -1e15F, 1e15F;
    scan.intensity[5] = std::numeric_limits<float>::quiet_NaN();
    for (const auto order : {Augmentation::Order::distillation, Augmentation::Order::downstream}) {
        Augmentation augmentation;
        augmentation.order = order;
        const Sample sample = augmented(scan, InputSpec(), augmentation, 0);
        for (const float value : sample.features) {
            EXPECT_TRUE(std::isfinite(value));
        }
    }
}

TEST(NearestKept, BringsPredictionsBackToEveryPoint) {
    const Scan scan = random_scan(2000, 80);  // a good part outside the field of view
    const Sample sample = preprocess(scan, InputSpec(), nullptr, nullptr);
    ASSERT_LT(sample.size(), 1900U);
    const auto nearest = nearest_kept(scan, sample);
    ASSERT_EQ(nearest.size(), 2000U);
    for (std::size_t i = 0; i < sample.size(); ++i) {
        EXPECT_EQ(nearest[sample.kept[i]], static_cast<std::int32_t>(i));
    }
    Sample foreign = sample;
    foreign.kept.back() = 2000;
    EXPECT_NE(error_of([&] { nearest_kept(scan, foreign); }).find("row 2000"), std::string::npos);
}

}  // namespace
}  // namespace distillar::geometry
