// Bad input through both interfaces: an error that says what to do, or labels; never a crash.
#include <sys/resource.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "library/made_scan.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

using test::Answer;
using test::load_both;
using test::made_scan;
using test::segment;
using test::segment_both;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

class BadInput : public testing::Test {
protected:
    static Cloud cloud_of(const std::vector<float>& scan) {
        return Cloud::xyzi(scan.data(), scan.size() / 4);
    }

    void expect(const Cloud& cloud, distillar_status status, const std::string& part) {
        const Answer answer = segment_both(file_, cloud);
        EXPECT_EQ(answer.status, status) << answer.message;
        EXPECT_NE(answer.message.find(part), std::string::npos) << answer.message;
    }

    test::TemporaryFolder folder_;
    std::filesystem::path file_ = test::write_made_model(folder_.path());
    std::vector<float> scan_ = made_scan(100);
    Cloud good_ = cloud_of(scan_);
};

TEST_F(BadInput, FewPoints) {
    Segmenter segmenter(Model::load(file_));
    EXPECT_EQ(segment_both(file_, {}).status, DISTILLAR_BAD_ARGUMENT);  // no fields
    EXPECT_TRUE(segment(segmenter, Cloud::xyzi(nullptr, 0)).classes.empty());
    expect(Cloud::xyzi(nullptr, 0), DISTILLAR_OK, "");
    for (const std::size_t points : {1, 2, 5, 16, 17}) {
        const auto labels = segment(segmenter, made_scan(points));
        for (std::size_t i = 0; i < points; ++i) {
            EXPECT_LT(labels.classes[i], 5);
            EXPECT_GT(labels.confidence[i], 0.19F);
        }
        const auto scan = made_scan(points);
        expect(cloud_of(scan), DISTILLAR_OK, "");
    }
}

TEST_F(BadInput, NonFinitePointsHaveNoClassAndChangeNothing) {
    Segmenter segmenter(Model::load(file_));
    const auto scan = made_scan(600);
    const auto expected = segment(segmenter, scan);
    std::vector<float> holes;
    const std::vector<std::vector<float>> bad{
        {nan, 0, 0, 0}, {0, infinity, 0, 0}, {0, 0, -infinity, 0}, {nan, nan, nan, nan}};
    for (std::size_t i = 0; i < 600; ++i) {
        holes.insert(holes.end(), bad[i % 4].begin(), bad[i % 4].end());
        holes.insert(holes.end(), scan.begin() + static_cast<std::ptrdiff_t>(4 * i),
                     scan.begin() + static_cast<std::ptrdiff_t>(4 * i + 4));
    }
    const auto labels = segment(segmenter, holes);
    for (std::size_t i = 0; i < 600; ++i) {
        EXPECT_EQ(labels.classes[2 * i], no_class);
        EXPECT_EQ(labels.confidence[2 * i], 0);
        EXPECT_EQ(labels.classes[2 * i + 1], expected.classes[i]);
        EXPECT_EQ(labels.confidence[2 * i + 1], expected.confidence[i]);
    }
    const std::vector<float> none(400, nan);
    expect(cloud_of(none), DISTILLAR_BAD_CLOUD, "none of the 100 points is finite");
}

TEST_F(BadInput, StrangeValues) {
    auto scan = made_scan(300);
    scan[3] = nan;  // an intensity that is missing counts as the mean
    scan[7] = infinity;
    expect(cloud_of(scan), DISTILLAR_OK, "");
    scan[3] = 3e38F;
    expect(cloud_of(scan), DISTILLAR_OK, "");
    scan[0] = 3e38F;  // as good as not finite, as the program has it
    expect(cloud_of(scan), DISTILLAR_OK, "");
    std::vector<float> same(4000, 0.5F);
    expect(cloud_of(same), DISTILLAR_OK, "");
}

/// One absurd return among good ones is no answer, and the others' answers are as without it.
TEST_F(BadInput, AnAbsurdPointIsLeftOut) {
    Segmenter segmenter(Model::load(file_));
    const auto scan = made_scan(600);
    const auto expected = segment(segmenter, scan);
    for (const float absurd : {1e30F, -1e9F, infinity, nan}) {
        auto more = scan;
        more.insert(more.end(), {absurd, 0, 0, 0.5F});
        auto labels = segment(segmenter, more);
        EXPECT_EQ(labels.classes.back(), no_class);
        labels.classes.pop_back();
        labels.confidence.pop_back();
        EXPECT_EQ(labels, expected) << absurd;
    }
}

TEST_F(BadInput, AllOutsideTheFieldOfView) {
    auto scan = made_scan(500);
    for (std::size_t i = 0; i < scan.size(); i += 4) {
        scan[i] += 1000;
    }
    Segmenter segmenter(Model::load(file_));
    const auto labels = segment(segmenter, scan);
    EXPECT_EQ(labels.classes, std::vector<std::uint8_t>(500, no_class));
    EXPECT_EQ(labels.confidence, std::vector<float>(500, 0.0F));
    ASSERT_FALSE(segmenter.warnings().empty());
    EXPECT_NE(segmenter.warnings().back().find("field of view"), std::string::npos);
    expect(cloud_of(scan), DISTILLAR_OK, "");
}

TEST_F(BadInput, TwoMillionPoints) {
    distillar_model* model = nullptr;
    distillar_segmenter* segmenter = nullptr;
    ASSERT_EQ(distillar_model_load(file_.c_str(), DISTILLAR_FP32, &model), DISTILLAR_OK);
    ASSERT_EQ(distillar_segmenter_create(model, nullptr, &segmenter), DISTILLAR_OK);
    distillar_model_free(model);
    const auto scan = made_scan(2'000'000);
    std::vector<std::uint8_t> labels(2'000'000);
    const distillar_cloud cloud = distillar_cloud_xyzi(scan.data(), labels.size());
    EXPECT_EQ(distillar_segment(segmenter, &cloud, labels.data(), nullptr), DISTILLAR_OK);
    EXPECT_EQ(std::count(labels.begin(), labels.end(), no_class), 0);
    distillar_segmenter_free(segmenter);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/// In a process of its own whose memory is limited: the call fails, the next smaller one succeeds.
TEST_F(BadInput, NoMemory) {
    const auto large = made_scan(2'000'000);
    const auto attempt = [&] {
        distillar_model* model = nullptr;
        distillar_segmenter* segmenter = nullptr;
        distillar_options options = distillar_default_options();
        options.threads = 1;
        distillar_model_load(file_.c_str(), DISTILLAR_FP32, &model);
        distillar_segmenter_create(model, &options, &segmenter);
        std::vector<std::uint8_t> labels(2'000'000);
        const distillar_cloud cloud = distillar_cloud_xyzi(large.data(), labels.size());
        const distillar_cloud small = distillar_cloud_xyzi(large.data(), 100);
        std::size_t pages = 0;  // of the process's address space
        std::ifstream("/proc/self/statm") >> pages;
        const rlim_t limit = pages * 4096 + (8U << 20);
        const rlimit limits{limit, limit};
        setrlimit(RLIMIT_AS, &limits);
        const auto status = distillar_segment(segmenter, &cloud, labels.data(), nullptr);
        const bool again =
            distillar_segment(segmenter, &small, labels.data(), nullptr) == DISTILLAR_OK;
        std::fputs(distillar_last_error(), stderr);
        std::_Exit(again ? status : 100);
    };
    EXPECT_EXIT(attempt(), testing::ExitedWithCode(DISTILLAR_NO_MEMORY), "out of memory");
}

TEST_F(BadInput, NoMoreThreads) {
    const auto attempt = [&] {
        distillar_model* model = nullptr;
        distillar_segmenter* segmenter = nullptr;
        distillar_options options = distillar_default_options();
        options.threads = 1000;  // a stack of 8 MB each
        distillar_model_load(file_.c_str(), DISTILLAR_FP32, &model);
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const rlim_t limit = pages * 4096 + (256U << 20);
        const rlimit limits{limit, limit};
        setrlimit(RLIMIT_AS, &limits);
        const auto status = distillar_segmenter_create(model, &options, &segmenter);
        std::fputs(distillar_last_error(), stderr);
        std::_Exit(segmenter == nullptr ? status : 100);
    };
    EXPECT_EXIT(attempt(), testing::ExitedWithCode(DISTILLAR_BAD_ARGUMENT),
                "1000 threads cannot be started");
}
#endif

TEST_F(BadInput, DescriptionsThatLie) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const auto with = [&](auto&& change) {
        Cloud cloud = good_;
        change(cloud);
        return cloud;
    };
    const auto bad = DISTILLAR_BAD_ARGUMENT;
    expect(with([](Cloud& c) { c.data = nullptr; }), bad, "null");
    expect(with([](Cloud& c) { c.stride = 8; }), bad, "field z takes bytes 8 to 12");
    expect(with([](Cloud& c) { c.stride = 15; }), bad, "field intensity");
    expect(with([](Cloud& c) { c.stride = 0; }), bad, "stride is 0");
    expect(with([](Cloud& c) { c.stride = 17; }), bad, "do not fit into a buffer of 1600");
    expect(with([](Cloud& c) { c.bytes = 1599; }), bad, "do not fit");
    expect(with([](Cloud& c) { c.count = 101; }), bad, "do not fit");
    expect(with([](Cloud& c) { c.x.offset = 13; }), bad, "field x takes bytes 13 to 17");
    expect(with([](Cloud& c) { c.y.offset = most; }), bad, "field y");
    expect(with([](Cloud& c) { c.y.offset = most - 3; }), bad, "field y");
    expect(with([](Cloud& c) { c.z.type = FieldType::absent; }), bad, "field z has no type");
    expect(with([](Cloud& c) { c.z.type = FieldType{9}; }), bad, "unknown type 9");
    expect(with([](Cloud& c) { c.intensity.type = FieldType{most & 0xFFFFFFFF}; }), bad, "unknown");
    expect(with([](Cloud& c) {
               c.x.type = FieldType::float64;
               c.x.offset = 9;
           }),
           bad, "field x");
    expect(with([](Cloud& c) { c.count = most; }), bad, "too many");
    expect(with([](Cloud& c) { c.count = 1U << 31; }), bad, "too many");
    expect(with([](Cloud& c) { c.stride = most; }), bad, "do not fit");
    expect(with([](Cloud& c) { c.stride = most / 100 + 1; }), bad, "do not fit");
    expect(with([](Cloud& c) { c.intensity = {}; }), DISTILLAR_BAD_CLOUD, "no intensity");
}

TEST_F(BadInput, RowsThatLie) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const auto rows = [&](std::uint64_t width, std::uint64_t row_step) {
        Cloud cloud = good_;  // 1600 bytes
        cloud.width = width;
        cloud.row_step = row_step;
        return cloud;
    };
    const auto bad = DISTILLAR_BAD_ARGUMENT;
    expect(rows(0, 1600), bad, "no whole rows of 0");
    expect(rows(30, 0), bad, "no whole rows of 30");
    expect(rows(200, 0), bad, "no whole rows of 200");
    expect(rows(most, 0), bad, "no whole rows");
    expect(rows(10, 159), bad, "overlap at a row_step of 159");
    expect(rows(10, 1), bad, "overlap");
    expect(rows(10, 161), bad, "10 rows of 161 bytes each do not fit");
    expect(rows(10, most), bad, "do not fit");
    expect(rows(10, most / 9 + 1), bad, "do not fit");
    expect(rows(10, 160), DISTILLAR_OK, "");
    expect(rows(1, 16), DISTILLAR_OK, "");
    expect(rows(100, most), DISTILLAR_OK, "");  // a single row has no next one
}

TEST_F(BadInput, AxesThatAreNotTheModels) {
    Options options;
    options.published_frame = true;
    const Answer wrong = segment_both(file_, good_, options);
    EXPECT_EQ(wrong.status, DISTILLAR_BAD_ARGUMENT);
    EXPECT_NE(wrong.message.find("the model expects x forward"), std::string::npos);
    auto model = test::made_model();
    model.description.sensor.frame = "published";
    const auto file = folder_ / "published.safetensors";
    formats::write_model(file, model);
    const Answer unsaid = segment_both(file, good_);
    EXPECT_EQ(unsaid.status, DISTILLAR_BAD_ARGUMENT);
    EXPECT_NE(unsaid.message.find("set published_frame"), std::string::npos);
    EXPECT_EQ(segment_both(file, good_, options).status, DISTILLAR_OK);
    EXPECT_TRUE(Model::load(file)->published_frame());
}

TEST_F(BadInput, OptionsOutOfRange) {
    const auto answer = [&](auto&& change) {
        Options options;
        change(options);
        return segment_both(file_, good_, options);
    };
    const auto threads = answer([](Options& o) { o.threads = 100000; });
    EXPECT_EQ(threads.status, DISTILLAR_BAD_ARGUMENT);
    EXPECT_NE(threads.message.find("threads"), std::string::npos);
    EXPECT_EQ(answer([](Options& o) { o.sensor_height = nan; }).status, DISTILLAR_BAD_ARGUMENT);
    EXPECT_EQ(answer([](Options& o) { o.sensor_height = -1; }).status, DISTILLAR_BAD_ARGUMENT);
    EXPECT_EQ(answer([](Options& o) { o.intensity_deviation = -1; }).status,
              DISTILLAR_BAD_ARGUMENT);
    EXPECT_EQ(answer([](Options& o) { o.intensity_deviation = infinity; }).status,
              DISTILLAR_BAD_ARGUMENT);
    EXPECT_HAS(test::error_of([] { Segmenter(nullptr); }), "the model is null");
    EXPECT_HAS(test::error_of([&] { Model::load(file_, Precision{7}); }), "precision: give fp32");
    Segmenter segmenter(Model::load(file_));
    EXPECT_HAS(test::error_of([&] { segmenter.segment(good_, nullptr); }), "labels is null");
}

TEST_F(BadInput, NullPointersOfTheCInterface) {
    distillar_model* model = nullptr;
    distillar_segmenter* segmenter = nullptr;
    std::vector<std::uint8_t> labels(100);
    const distillar_cloud cloud = distillar_cloud_xyzi(scan_.data(), 100);
    const auto bad = DISTILLAR_BAD_ARGUMENT;
    EXPECT_EQ(distillar_model_load(file_.c_str(), 0, nullptr), bad);
    EXPECT_EQ(distillar_model_load(nullptr, 0, &model), bad);
    EXPECT_EQ(distillar_model_load(file_.c_str(), 3, &model), bad);
    EXPECT_EQ(distillar_supported(3), 0);
    ASSERT_EQ(distillar_model_load(file_.c_str(), 0, &model), DISTILLAR_OK);
    EXPECT_EQ(distillar_segmenter_create(nullptr, nullptr, &segmenter), bad);
    EXPECT_EQ(distillar_segmenter_create(model, nullptr, nullptr), bad);
    distillar_options options = distillar_default_options();
    options.size -= 4;
    EXPECT_EQ(distillar_segmenter_create(model, &options, &segmenter), bad);
    EXPECT_EQ(segmenter, nullptr);
    ASSERT_EQ(distillar_segmenter_create(model, nullptr, &segmenter), DISTILLAR_OK);
    EXPECT_EQ(distillar_segment(nullptr, &cloud, labels.data(), nullptr), bad);
    EXPECT_EQ(distillar_segment(segmenter, nullptr, labels.data(), nullptr), bad);
    EXPECT_EQ(distillar_segment(segmenter, &cloud, nullptr, nullptr), bad);
    EXPECT_NE(std::string(distillar_last_error()).find("labels is null"), std::string::npos);
    EXPECT_EQ(distillar_segment(segmenter, &cloud, labels.data(), nullptr), DISTILLAR_OK);
    EXPECT_EQ(distillar_class_count(nullptr), 0U);
    EXPECT_EQ(distillar_class_name(model, 5), nullptr);
    EXPECT_STREQ(distillar_class_name(model, 4), "class4");
    std::uint8_t rgb[3];
    EXPECT_EQ(distillar_class_color(model, 4, rgb), DISTILLAR_OK);
    EXPECT_EQ(distillar_class_color(model, 5, rgb), bad);
    EXPECT_EQ(distillar_class_color(model, 0, nullptr), bad);
    EXPECT_EQ(distillar_needs_intensity(model), 1);
    EXPECT_EQ(distillar_published_frame(model), 0);
    EXPECT_EQ(distillar_published_frame(nullptr), 0);
    EXPECT_EQ(distillar_warning_count(nullptr), 0U);
    EXPECT_EQ(distillar_warning(segmenter, 100), nullptr);
    distillar_model_free(model);  // the segmenter keeps what it needs
    EXPECT_EQ(distillar_segment(segmenter, &cloud, labels.data(), nullptr), DISTILLAR_OK);
    distillar_segmenter_free(segmenter);
    distillar_segmenter_free(nullptr);
    distillar_model_free(nullptr);
}

}  // namespace
}  // namespace distillar
