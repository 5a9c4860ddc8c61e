#include "runtime/segmenter.hpp"

#include <cmath>

#include "base/random.hpp"
#include "runtime/made_model.hpp"
#include "runtime/random_model.hpp"
#include "support/data.hpp"

namespace distillar::runtime {
namespace {

constexpr std::size_t points = 900;

class RuntimeSegmenter : public testing::Test {
protected:
    /// x, y, z, intensity, in the field of view of description_of() or `away` from it.
    static std::vector<float> values(float away = 0) {
        base::Random random(4, 0, 0);
        std::vector<float> values;
        for (std::size_t i = 0; i < points; ++i) {
            for (const double reach : {19.0, 19.0, 3.5, 1.0}) {
                values.push_back(static_cast<float>(random.uniform(-reach, reach)));
            }
            values[4 * i] += away;
        }
        return values;
    }

    static CloudView view_of(const std::vector<float>& values) {
        constexpr auto f = FieldType::f32;
        return {values.data(), 4 * values.size(), values.size() / 4, 16, {{{0, f}, {4, f}, {8, f}}},
                {12, f}};
    }

    static geometry::Scan scan_of(const std::vector<float>& values) {
        CloudPoints read;
        read_cloud(view_of(values), read);
        geometry::Scan scan;
        scan.points = geometry::points_of(read.xyz);
        scan.intensity = read.intensity;
        return scan;
    }

    static Segmenter segmenter(bool keep_logits) {
        SegmenterOptions options;
        options.align = false;
        options.keep_logits = keep_logits;
        static const auto model = std::make_shared<const Model>(
            random_model(test::description_of({}), 9), "memory", Precision::fp32);
        return {model, options};
    }

    std::vector<std::uint8_t> labels_ = std::vector<std::uint8_t>(points);
    std::vector<float> confidence_ = std::vector<float>(points);
};

TEST_F(RuntimeSegmenter, AScanGivesWhatItsCloudGives) {
    const auto cloud = values();
    Segmenter of_cloud = segmenter(false), of_scan = segmenter(false);
    of_cloud.segment(view_of(cloud), labels_, confidence_);
    std::vector<std::uint8_t> labels(points);
    std::vector<float> confidence(points);
    of_scan.segment(scan_of(cloud), labels, confidence);
    EXPECT_EQ(labels, labels_);
    EXPECT_EQ(confidence, confidence_);
    EXPECT_EQ(of_scan.points_seen(), of_cloud.points_seen());
    EXPECT_TRUE(of_scan.logits().empty()) << "not asked for";
}

TEST_F(RuntimeSegmenter, AScanIsTakenWithItsOwnScale) {
    geometry::Scan scan = scan_of(values());
    Segmenter ours = segmenter(true);
    ours.segment(scan, labels_, {});
    const std::vector<float> before(ours.logits().begin(), ours.logits().end());
    for (float& intensity : scan.intensity) {
        intensity = 64 * intensity + 128;  // exact in float32
    }
    scan.scale = {128, 64};
    std::vector<std::uint8_t> labels(points);
    ours.segment(scan, labels, {});
    ASSERT_EQ(ours.logits().size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_NEAR(ours.logits()[i], before[i], 1e-3);
    }
    scan.scale = {0, 1};
    ours.segment(scan, labels, {});
    EXPECT_NE(labels, labels_);
}

TEST_F(RuntimeSegmenter, KeptLogitsAreThoseOfTheConfidence) {
    const std::size_t classes = test::description_of({}).classes.size();
    Segmenter ours = segmenter(true);
    ours.segment(scan_of(values()), labels_, confidence_);
    ASSERT_EQ(ours.logits().size(), ours.points_seen() * classes);
    std::vector<float> kept;
    for (std::size_t i = 0; i < ours.points_seen(); ++i) {
        const float* row = ours.logits().data() + i * classes;
        std::uint8_t label = 0;
        classify(row, 1, classes, &label, &kept.emplace_back());
    }
    for (const float confidence : confidence_) {
        ASSERT_NE(std::find(kept.begin(), kept.end(), confidence), kept.end());
    }
    ours.segment(scan_of(values(500)), labels_, confidence_);
    EXPECT_TRUE(ours.logits().empty()) << "nothing in the field of view";
    EXPECT_EQ(labels_.front(), geometry::ignore_label);
}

TEST_F(RuntimeSegmenter, RoomForLabelsThatDoesNotFitTheScan) {
    Segmenter ours = segmenter(false);
    labels_.pop_back();
    EXPECT_NE(test::error_of([&] {
                  ours.segment(scan_of(values()), labels_, {});
              }).find("900 points, but room for 899"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::runtime
