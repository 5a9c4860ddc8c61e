#include "inference/sensor_contract.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace distillar::inference {
namespace {

/// A flat road `height` metres below the sensor, and a wall.
datasets::Frame frame_at(double height) {
    base::Random random(3, 0, 0);
    datasets::Frame frame;
    frame.source = "scan.bin";
    frame.points.resize(4000, 3);
    for (Eigen::Index i = 0; i < 4000; ++i) {
        const bool road = i < 3000;
        frame.points.row(i) << random.uniform(-20, 20), road ? random.uniform(-15, 15) : 12.0,
            road ? -height + 0.02 * random.normal() : random.uniform(-height, 5);
    }
    frame.intensity.assign(4000, 0.3F);
    return frame;
}

formats::ModelDescription model_at(float height) {
    formats::ModelDescription model;
    model.sensor.height = height;
    model.input.features = {"x", "y", "height", "radius"};
    return model;
}

TEST(SensorContract, ADeclaredHeightNearTheModelsChangesNothing) {
    datasets::Frame frame = frame_at(1.73);
    frame.sensor_height = 1.73F;
    SensorContract contract(model_at(1.85F), "m");
    const auto scan = contract.align(frame);
    EXPECT_FLOAT_EQ(scan.sensor_height, 1.73F);
    EXPECT_FLOAT_EQ(scan.points(7, 2), static_cast<float>(frame.points(7, 2)));
}

TEST(SensorContract, AnUnknownHeightIsMeasured) {
    SensorContract contract(model_at(1.85F), "m");
    EXPECT_NEAR(contract.align(frame_at(1.7)).sensor_height, 1.7, 0.05);
}

TEST(SensorContract, ALowerSensorIsLiftedToTheModelsHeight) {
    SensorContract contract(model_at(1.85F), "m");
    const datasets::Frame frame = frame_at(0.8);
    const auto scan = contract.align(frame);
    EXPECT_FLOAT_EQ(scan.sensor_height, 1.85F);
    EXPECT_NEAR(scan.points.col(2).head(3000).mean(), -1.85F, 0.06F);
}

TEST(SensorContract, AModelOfUnknownHeightShiftsNothing) {
    SensorContract contract(model_at(0), "m");
    const datasets::Frame frame = frame_at(0.8);
    EXPECT_FLOAT_EQ(contract.align(frame).points(0, 2), static_cast<float>(frame.points(0, 2)));
}

}  // namespace
}  // namespace distillar::inference
