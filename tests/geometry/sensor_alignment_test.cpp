#include "geometry/sensor_alignment.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace distillar::geometry {
namespace {

/// A flat road `height` metres below the sensor.
Points road_at(double height) {
    base::Random random(3, 0, 0);
    Points points(3000, 3);
    for (Eigen::Index i = 0; i < 3000; ++i) {
        points.row(i) << random.uniform(-20, 20), random.uniform(-15, 15),
            -height + 0.02 * random.normal();
    }
    return points;
}

SensorAlignment aligned(const Points& points, const std::vector<float>& intensity,
                        const SensorDeclaration& declared, const InputSpec& input,
                        float model_height) {
    Points32 moved = points.cast<float>();
    AlignmentBuffers buffers;
    const auto alignment = align_scan(moved, intensity, declared, input, model_height, buffers);
    EXPECT_EQ(moved(0, 2), static_cast<float>(points(0, 2)) + alignment.shift);
    return alignment;
}

std::vector<std::string> topics(const SensorAlignment& alignment) {
    std::vector<std::string> topics;
    for (const auto& finding : alignment.findings) {
        topics.push_back(finding.topic);
    }
    return topics;
}

using Topics = std::vector<std::string>;

TEST(SensorAlignment, NothingIsSaidOfAScanLikeTheModels) {
    const auto alignment = aligned(road_at(1.73), {}, {1.73F, {}}, {}, 1.85F);
    EXPECT_EQ(alignment.shift, 0);
    EXPECT_FLOAT_EQ(alignment.height, 1.73F);
    EXPECT_TRUE(alignment.findings.empty());
}

TEST(SensorAlignment, AnUnknownHeightIsMeasuredAndShiftedToTheModels) {
    const auto alignment = aligned(road_at(0.8), {}, {}, {}, 1.85F);
    EXPECT_NEAR(alignment.shift, -1.05, 0.05);
    EXPECT_FLOAT_EQ(alignment.height, 1.85F);
    EXPECT_EQ(topics(alignment), Topics{"shift"});
    const auto unknown_model = aligned(road_at(0.8), {}, {}, {}, 0);
    EXPECT_EQ(unknown_model.shift, 0);
    EXPECT_NEAR(unknown_model.height, 0.8, 0.05);
}

TEST(SensorAlignment, WhatCannotBeRightIsSaid) {
    EXPECT_EQ(topics(aligned(road_at(3), {}, {1.8F, {}}, {}, 1.8F)), Topics{"height"});
    EXPECT_EQ(topics(aligned(Points(road_at(-3)), {}, {}, {}, 1.8F)), Topics{"road"});
    std::vector<float> intensity(3000);
    for (std::size_t i = 0; i < intensity.size(); ++i) {
        intensity[i] = static_cast<float>(i % 256);
    }
    const Points road = road_at(1.8);
    EXPECT_EQ(topics(aligned(road, intensity, {1.8F, {0.3F, 0.15F}}, {}, 1.8F)),
              Topics{"intensity"});
    EXPECT_TRUE(aligned(road, intensity, {1.8F, {127, 70}}, {}, 1.8F).findings.empty());
    InputSpec without;
    without.features = {"x", "y", "z"};
    EXPECT_TRUE(aligned(road, intensity, {1.8F, {0.3F, 0.15F}}, without, 1.8F).findings.empty());
}

}  // namespace
}  // namespace distillar::geometry
