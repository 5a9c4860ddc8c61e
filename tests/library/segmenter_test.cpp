// The deployment library on good input.
#include "distillar/segmenter.hpp"

#include <cmath>
#include <cstring>
#include <thread>

#include "geometry/neighbors.hpp"
#include "library/made_scan.hpp"
#include "runtime/quantize.hpp"
#include "runtime/serial_network.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

using test::Labels;
using test::made_scan;
using test::segment;

class Library : public testing::Test {
protected:
    test::TemporaryFolder folder_;
    std::filesystem::path file_ = test::write_made_model(folder_.path());
    std::shared_ptr<const Model> model_ = Model::load(file_);
};

TEST_F(Library, SaysWhatTheModelIs) {
    EXPECT_EQ(model_->classes().size(), 5U);
    EXPECT_EQ(model_->classes()[2].name, "class2");
    EXPECT_TRUE(model_->needs_intensity());
    EXPECT_FLOAT_EQ(model_->sensor_height(), 1.8F);
    EXPECT_STREQ(version(), distillar_version());
    EXPECT_TRUE(supported(Precision::fp32));
}

/// Preprocessing, the readable twin of the network, and the nearest kept point by brute force.
TEST_F(Library, LabelsAreThoseOfTheSerialTwin) {
    const auto scan = made_scan(1200);
    Options options;
    options.align = false;
    Segmenter segmenter(model_, options);
    const Labels labels = segment(segmenter, scan);

    const auto file = test::made_model();
    geometry::Scan input;
    input.points.resize(1200, 3);
    for (Eigen::Index i = 0; i < 1200; ++i) {
        const float* point = scan.data() + 4 * i;
        input.points.row(i) << point[0], point[1], point[2];
        input.intensity.push_back(point[3]);
    }
    input.sensor_height = 1.8F;
    const auto& spec = file.description.input;
    const auto sample = geometry::preprocess(input, spec, nullptr, nullptr);
    const auto logits = test::serial_network(
        file, {sample.size(), sample.features, sample.neighbors, sample.cells});
    const auto nearest = geometry::nearest_point_brute_force(sample.coordinates, input.points);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < 1200; ++i) {
        const double* row = logits.data() + 5 * static_cast<std::size_t>(nearest[i]);
        const double* best = std::max_element(row, row + 5);
        double sum = 0;
        for (std::size_t c = 0; c < 5; ++c) {
            sum += std::exp(row[c] - *best);
        }
        EXPECT_NEAR(labels.confidence[i], 1 / sum, 1e-4);
        if (1 / sum > 0.501) {
            EXPECT_EQ(labels.classes[i], best - row);
            ++compared;
        }
    }
    EXPECT_GT(compared, 200U);
}

TEST_F(Library, TheSameBitsForAnyNumberOfThreadsAndAgain) {
    const auto scan = made_scan(5000);
    std::vector<Labels> results;
    for (const unsigned threads : {1U, 2U, 4U}) {
        Options options;
        options.threads = threads;
        Segmenter segmenter(model_, options);
        results.push_back(segment(segmenter, scan));
        segment(segmenter, made_scan(300, 1.8, 2));
        EXPECT_EQ(segment(segmenter, scan), results.front());
    }
    EXPECT_EQ(results[0], results[1]);
    EXPECT_EQ(results[0], results[2]);
}

std::ptrdiff_t threads_of_process() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                         std::filesystem::directory_iterator());
}

TEST_F(Library, TakesNoMoreThreadsThanGivenAndGivesThemBack) {
    const auto scan = made_scan(3000);
    const auto before = threads_of_process();
    for (const unsigned threads : {1U, 4U}) {
        Options options;
        options.threads = threads;
        Segmenter segmenter(model_, options);
        segment(segmenter, scan);
        EXPECT_EQ(threads_of_process(), before + threads - 1);
    }
    EXPECT_EQ(threads_of_process(), before);
}

TEST_F(Library, SegmentersOnSeveralThreadsShareAModel) {
    std::vector<std::vector<float>> scans;
    std::vector<Labels> expected, results(4);
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        scans.push_back(made_scan(2000, 1.8, seed));
        Segmenter segmenter(model_);
        expected.push_back(segment(segmenter, scans.back()));
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            Options options;
            options.threads = 1 + static_cast<unsigned>(i % 2);
            Segmenter segmenter(model_, options);
            for (int round = 0; round < 3; ++round) {
                results[i] = segment(segmenter, scans[i]);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(results, expected);
}

TEST_F(Library, FieldsOfOtherTypesAtOtherPlacesAreRead) {
    auto scan = made_scan(1000);
    struct __attribute__((packed)) Point {
        std::uint8_t ring;
        double z;
        std::int16_t intensity;
        float y;
        double x;
    };
    std::vector<Point> points(1000);
    for (std::size_t i = 0; i < points.size(); ++i) {
        float* from = scan.data() + 4 * i;
        from[3] = std::round(20 * from[3]);
        points[i] = {7, double{from[2]}, static_cast<std::int16_t>(from[3]), from[1],
                     double{from[0]}};
    }
    const Cloud cloud{points.data(),
                      sizeof(Point) * points.size(),
                      points.size(),
                      sizeof(Point),
                      {offsetof(Point, x), FieldType::float64},
                      {offsetof(Point, y), FieldType::float32},
                      {offsetof(Point, z), FieldType::float64},
                      {offsetof(Point, intensity), FieldType::int16}};
    Segmenter segmenter(model_);
    EXPECT_EQ(segment(segmenter, cloud), segment(segmenter, scan));
}

/// As drivers publish them: a place for each ray, NaN without a return, rows padded.
TEST_F(Library, AnOrganisedCloudWithHolesAndPaddedRows) {
    constexpr std::size_t width = 50, height = 40, row_step = 16 * width + 24;
    const auto scan = made_scan(width * height);
    std::vector<float> plain;
    std::vector<std::byte> rows(row_step * (height - 1) + 16 * width, std::byte{0x7B});
    for (std::size_t i = 0; i < width * height; ++i) {
        std::array<float, 4> point{NAN, NAN, NAN, 0};
        if (i % 3 != 0) {
            std::copy_n(scan.begin() + static_cast<std::ptrdiff_t>(4 * i), 4, point.begin());
            plain.insert(plain.end(), point.begin(), point.end());
        }
        std::memcpy(rows.data() + i / width * row_step + i % width * 16, point.data(), 16);
    }
    Cloud cloud = Cloud::xyzi(nullptr, width * height);
    cloud.data = rows.data();
    cloud.bytes = rows.size();
    cloud.width = width;
    cloud.row_step = row_step;
    Segmenter segmenter(model_);
    const Labels labels = segment(segmenter, cloud), expected = segment(segmenter, plain);
    for (std::size_t i = 0, finite = 0; i < width * height; ++i) {
        const bool hole = i % 3 == 0;
        EXPECT_EQ(labels.classes[i], hole ? no_class : expected.classes[finite]);
        EXPECT_EQ(labels.confidence[i], hole ? 0 : expected.confidence[finite]);
        finite += hole ? 0 : 1;
    }
    EXPECT_EQ(test::segment_both(file_, cloud).status, DISTILLAR_OK);
    cloud.bytes -= 1;
    EXPECT_EQ(test::segment_both(file_, cloud).status, DISTILLAR_BAD_ARGUMENT);
}

TEST_F(Library, AnotherSensorHeightIsAlignedAndSaid) {
    const auto scan = made_scan(4000);
    auto low = scan;
    for (std::size_t i = 2; i < low.size(); i += 4) {
        low[i] += 1.0F;  // the same place seen by a sensor 0.8 m above the road
    }
    Segmenter segmenter(model_);
    const Labels expected = segment(segmenter, scan);
    EXPECT_TRUE(segmenter.warnings().empty());
    Options declared;
    declared.sensor_height = 0.8F;
    Segmenter aligned(model_, declared);
    const Labels labels = segment(aligned, low);
    ASSERT_EQ(aligned.warnings().size(), 1U);
    EXPECT_NE(aligned.warnings()[0].find("shifted by -1.00 m"), std::string::npos);
    std::size_t same = 0;
    for (std::size_t i = 0; i < labels.classes.size(); ++i) {
        same += labels.classes[i] == expected.classes[i] ? 1 : 0;
    }
    EXPECT_GT(same, labels.classes.size() * 97 / 100);  // rounding moves points between voxels
    declared.align = false;
    Segmenter as_it_is(model_, declared);
    EXPECT_NE(segment(as_it_is, low).classes, labels.classes);
}

TEST_F(Library, IntensityIsScaledAsDeclared) {
    auto scan = made_scan(1000);
    Segmenter segmenter(model_);
    const Labels expected = segment(segmenter, scan);
    for (std::size_t i = 3; i < scan.size(); i += 4) {
        scan[i] = 64 + 16 * scan[i];  // exact
    }
    Options options;
    options.intensity_mean = 64;
    options.intensity_deviation = 16;
    Segmenter scaled(model_, options);
    EXPECT_EQ(segment(scaled, scan).classes, expected.classes);
    segment(segmenter, scan);
    EXPECT_EQ(segmenter.warnings().size(), 1U);
}

TEST_F(Library, Bf16GivesNearlyTheSameLabels) {
    if (!supported(Precision::bf16)) {
        EXPECT_EQ(test::load_both(file_, Precision::bf16).status, DISTILLAR_UNSUPPORTED);
        return;
    }
    const auto scan = made_scan(20000);
    Segmenter exact(model_), rounded(Model::load(file_, Precision::bf16));
    const Labels expected = segment(exact, scan), labels = segment(rounded, scan);
    std::size_t same = 0, sure = 0, same_sure = 0;
    for (std::size_t i = 0; i < labels.classes.size(); ++i) {
        const bool equal = labels.classes[i] == expected.classes[i];
        same += equal ? 1 : 0;
        sure += expected.confidence[i] > 0.55F ? 1 : 0;
        same_sure += equal && expected.confidence[i] > 0.55F ? 1 : 0;
    }
    // Random weights decide many points by a hair; a trained network's margins are larger.
    EXPECT_GT(same, labels.classes.size() * 98 / 100);
    EXPECT_GT(sure, 1000U);
    EXPECT_EQ(same_sure, sure);
}

/// The made model with int8 scales measured on the made scan.
std::filesystem::path write_quantized(const std::filesystem::path& folder) {
    auto file = test::made_model();
    geometry::Scan scan;
    const auto values = made_scan(6000, 1.8, 2);
    scan.points.resize(static_cast<Eigen::Index>(values.size() / 4), 3);
    for (Eigen::Index i = 0; i < scan.points.rows(); ++i) {
        const float* point = values.data() + 4 * i;
        scan.points.row(i) << point[0], point[1], point[2];
        scan.intensity.push_back(point[3]);
    }
    scan.scale = file.description.sensor.intensity;
    scan.sensor_height = file.description.sensor.height;
    const auto quantized = runtime::quantize(file, "memory", 1, [&](std::size_t) { return scan; },
                                             {.same_labels = 0.5});
    file.int8_scales = quantized.steps;
    file.description.quantization = {{"made"}, 1, 1.0F};
    formats::write_model(folder / "int8.safetensors", file);
    return folder / "int8.safetensors";
}

TEST_F(Library, Int8GivesNearlyTheSameLabels) {
    if (!supported(Precision::int8)) {
        EXPECT_EQ(test::load_both(file_, Precision::int8).status, DISTILLAR_UNSUPPORTED);
        return;
    }
    const auto missing = test::load_both(file_, Precision::int8);
    EXPECT_EQ(missing.status, DISTILLAR_BAD_MODEL);
    EXPECT_NE(missing.message.find("distillar quantize"), std::string::npos) << missing.message;

    const auto file = write_quantized(folder_.path());
    const auto scan = made_scan(20000);
    Segmenter exact(model_), same(Model::load(file)), bytes(Model::load(file, Precision::int8));
    const Labels expected = segment(exact, scan), labels = segment(bytes, scan);
    EXPECT_EQ(segment(same, scan), expected);  // a quantized file still runs in float32
    std::size_t equal = 0;
    for (std::size_t i = 0; i < labels.classes.size(); ++i) {
        equal += labels.classes[i] == expected.classes[i] ? 1 : 0;
    }
    EXPECT_GT(equal, labels.classes.size() * 95 / 100);
    EXPECT_LT(equal, labels.classes.size());
    EXPECT_EQ(test::load_both(file, Precision::int8).status, DISTILLAR_OK);
}

}  // namespace
}  // namespace distillar
