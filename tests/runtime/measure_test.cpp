#include "runtime/measure/measure.hpp"

#include "base/random.hpp"
#include "runtime/made_model.hpp"
#include "runtime/measure/gemm_limit.hpp"
#include "runtime/measure/peak_memory.hpp"
#include "runtime/measure/pinned_model.hpp"
#include "runtime/precision_names.hpp"
#include "runtime/random_model.hpp"
#include "support/data.hpp"

namespace distillar::runtime {
namespace {

/// Random points in the field of view of description_of(), as many as `count`.
geometry::Scan made_scan(std::size_t count) {
    base::Random random(count, 0, 0);
    geometry::Scan scan;
    scan.points.resize(static_cast<Eigen::Index>(count), 3);
    for (Eigen::Index i = 0; i < scan.points.rows(); ++i) {
        scan.points.row(i) << static_cast<float>(random.uniform(-19, 19)),
            static_cast<float>(random.uniform(-19, 19)), static_cast<float>(random.uniform(-3, 3));
    }
    scan.intensity.assign(count, 0.5F);
    return scan;
}

/// A plan of two scans, and in which order its parts were asked for.
struct Asked {
    std::vector<Precision> loads;
    std::vector<std::size_t> reads;
    std::size_t steps = 0;
    std::uint64_t other_seed = 9;  ///< weights of all precisions but fp32
    MeasurePlan plan;

    explicit Asked(std::vector<Precision> precisions, float away = 0) {
        plan.precisions = std::move(precisions);
        plan.threads = {1, 2};
        plan.rounds = 3;
        plan.scans = 2;
        plan.load = [this](Precision precision) {
            loads.push_back(precision);
            const std::uint64_t seed = precision == Precision::fp32 ? 9 : other_seed;
            return std::make_shared<const Model>(random_model(test::description_of({}), seed),
                                                 "memory", precision);
        };
        plan.read = [this, away](std::size_t index) {
            reads.push_back(index);
            geometry::Scan scan = made_scan(600 + 200 * index);
            scan.points.col(0).array() += away;
            return scan;
        };
        plan.advance = [this] { ++steps; };
    }
};

TEST(Measure, EveryCaseGetsASampleOfEachScanAndRound) {
    Asked asked({Precision::fp32});
    const auto cases = measure(asked.plan);
    ASSERT_EQ(cases.size(), 2U);
    for (std::size_t c = 0; c < 2; ++c) {
        const MeasuredCase& measured = cases[c];
        EXPECT_EQ(measured.threads, c + 1);
        EXPECT_EQ(measured.points_in, 700);
        EXPECT_GT(measured.points, 600);
        EXPECT_LT(measured.points, 700);
        EXPECT_EQ(measured.load.size(), 3U);
        for (const auto* samples : {&measured.read, &measured.preprocess, &measured.network,
                                    &measured.project, &measured.total, &measured.limit}) {
            ASSERT_EQ(samples->size(), 6U);
            for (const double seconds : *samples) {
                EXPECT_GT(seconds, 0);
            }
        }
        EXPECT_DOUBLE_EQ(measured.total[3], measured.read[3] + measured.preprocess[3] +
                                                measured.network[3] + measured.project[3]);
        EXPECT_EQ(measured.same_labels, 1);
        if (measured.peak_memory) {
            EXPECT_GT(*measured.peak_memory, 1000000U);
        }
    }
    EXPECT_EQ(asked.steps, measure_steps(asked.plan));
    EXPECT_EQ(asked.loads.size(), 2U + 1 + 3) << "each case alone, the rounds', one a round";
}

TEST(Measure, CasesTakeTurns) {
    Asked asked({Precision::fp32});
    measure(asked.plan);
    const std::vector<std::size_t> alone{0, 1, 0, 1}, warm = alone, round{0, 0, 1, 1};
    std::vector<std::size_t> expected = alone;
    for (const auto* part : {&warm, &round, &round, &round}) {
        expected.insert(expected.end(), part->begin(), part->end());
    }
    EXPECT_EQ(asked.reads, expected);
}

TEST(Measure, Bf16IsComparedWithFp32) {
    if (!supported(Precision::bf16)) {
        GTEST_SKIP() << "this processor has no bf16";
    }
    Asked both({Precision::fp32, Precision::bf16});
    const auto cases = measure(both.plan);
    ASSERT_EQ(cases.size(), 4U);
    ASSERT_TRUE(cases[3].same_labels);
    EXPECT_GT(*cases[3].same_labels, 0.9);
    EXPECT_EQ(cases[2].same_labels, cases[3].same_labels) << "threads change no label";

    Asked different({Precision::fp32, Precision::bf16});
    different.other_seed = 10;
    EXPECT_LT(*measure(different.plan)[3].same_labels, 0.9);

    Asked alone({Precision::bf16});
    EXPECT_FALSE(measure(alone.plan).front().same_labels);
}

TEST(Measure, NothingInTheFieldOfViewIsAnError) {
    Asked asked({Precision::fp32}, 500);
    EXPECT_NE(test::error_of([&] { measure(asked.plan); }).find("none of the 1400 points"),
              std::string::npos);
}

TEST(Measure, QuantilesOfFewValues) {
    EXPECT_EQ(quantiles({}).p50, 0);
    EXPECT_EQ(quantiles({7}).p50, 7);
    EXPECT_EQ(quantiles({7}).p95, 7);
    EXPECT_EQ(quantiles({3, 1, 2}).p50, 2);
    EXPECT_EQ(quantiles({3, 1, 2}).p95, 3);
    std::vector<double> hundred;
    for (int i = 100; i > 0; --i) {
        hundred.push_back(i);
    }
    EXPECT_EQ(quantiles(hundred).p50, 51);
    EXPECT_EQ(quantiles(hundred).p95, 95);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep what is freed

TEST(Measure, PeakMemoryForgetsWhatWasGivenBack) {
    if (!reset_peak_memory()) {
        GTEST_SKIP() << "this system does not reset peaks";
    }
    const auto before = peak_memory();
    ASSERT_TRUE(before);
    constexpr std::size_t size = 64 << 20;
    {
        kernels::Buffer buffer(size / sizeof(float));
        buffer.zero();
        EXPECT_GT(*peak_memory(), *before + size / 2);
    }
    EXPECT_GT(*peak_memory(), *before + size / 2) << "a peak stays";
    ASSERT_TRUE(reset_peak_memory());
    EXPECT_LT(*peak_memory(), *before + size / 2);
}

#endif

TEST(GemmLimit, CountsTheNetworksProducts) {
    const Model model(random_model(test::description_of({}), 9), "memory", Precision::fp32);
    GemmLimit limit(model, Precision::fp32, 101, 2);
    limit.run();
    // 4 layers of 2, 16 neighbours, 2 of the embedding; 24 channels.
    EXPECT_EQ(limit.flops(), 2.0 * 101 * 24 * 24 * (4 * 2 + 16 + 2));
}

TEST(PinnedModel, IsTheIssuesOrOfAnotherSize) {
    const auto description = pinned_model();
    EXPECT_EQ(description.backbone.channels, 256);
    EXPECT_EQ(description.backbone.depth, 48);
    EXPECT_EQ(description.input.features.size(), 5U);
    EXPECT_EQ(description.input.neighbors, 16);
    EXPECT_EQ(pinned_model(768, 6).backbone.channels, 768);
    EXPECT_EQ(pinned_model(768, 6).backbone.depth, 6);
}

TEST(Precisions, HaveNamesAndAreFoundByThem) {
    for (const NamedPrecision& known : known_precisions) {
        EXPECT_EQ(name_of(known.precision), known.name);
        EXPECT_EQ(precision_named(known.name), known.precision);
    }
    EXPECT_TRUE(supported(Precision::fp32));
    EXPECT_NE(test::error_of([] { precision_named("fp64"); }).find("'fp64' is not one of: fp32"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::runtime
