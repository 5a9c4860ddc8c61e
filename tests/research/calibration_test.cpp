#include <gtest/gtest.h>

#include <cmath>

#include "research/calibration/class_set.hpp"
#include "simulation/small_rig.hpp"

using namespace distillar;
using namespace distillar::simulation;

namespace {

/// Two cameras that expose before and after the frame's time, and a lidar that takes a tenth of a
/// second for what they see.
Rig sweeping_rig() {
    Rig rig = test::small_rig(test::plain_lidar(34, 500), 360, 120);
    rig.cameras.push_back(rig.cameras.front());
    rig.cameras[0].exposure_offset = -0.03;
    rig.cameras[1].exposure_offset = 0.045;
    rig.cameras[1].T_vehicle_camera =
        simulation::pose_from_angles({0.2, -0.3, 0.1}, -4, 1, 3) * rig.cameras[1].T_vehicle_camera;
    return rig;
}

/// The first two frames of a drive in which the vehicle stands, and in which it moves.
struct Measured {
    research::Consistency standing, moving;

    Measured() {
        const Rig rig = sweeping_rig();
        Simulator simulator(load_city("c"), rig, 7);
        for (int number = 0; number < 900; number += 12) {
            const auto now = simulator.drive_to(number);
            const auto before = simulator.vehicle_pose(0.1 * number - 0.1);
            const double speed = (now.translation() - before.translation()).norm() / 0.1;
            auto& sum = speed > 5 ? moving : standing;
            if ((speed < 0.05 || speed > 5) && sum.frames < 2) {
                const auto frame = simulator.frame(number);
                sum += research::consistency_of(simulator, rig, frame);
            }
        }
    }
};

class Calibration : public testing::Test {
protected:
    static const Measured& measured() {
        static const Measured once;
        return once;
    }
    static double share(const research::ClassPairs& pairs, const std::string& set) {
        for (const auto& classes : research::class_sets()) {
            if (classes.name == set) {
                return research::Agreement(pairs, classes).share();
            }
        }
        return 0;
    }
};

}  // namespace

TEST_F(Calibration, PointsHaveTheClassOfTheirPixelWhileTheVehicleStands) {
    const auto& sum = measured().standing;
    EXPECT_EQ(sum.frames, 2);
    EXPECT_GT(share(sum.pixels, "sk19"), 0.99);
    EXPECT_GT(share(sum.neighbours, "sk19"), 0.995);
    EXPECT_GT(share(sum.rays, "sk19"), 0.998) << "geometry and time alone: no pixels";
}

TEST_F(Calibration, AndWhileItMoves) {
    const auto& sum = measured().moving;
    EXPECT_EQ(sum.frames, 2);
    EXPECT_GT(share(sum.pixels, "sk19"), 0.97);
    EXPECT_GT(share(sum.neighbours, "sk19"), 0.995);
    EXPECT_GT(share(sum.rays, "sk19"), 0.996) << "things that move do so until the exposure";
}

TEST_F(Calibration, AgreementCountsByClassSets) {
    research::ClassPairs pairs;
    pairs.at(Category::road, Category::road) = 6;
    pairs.at(Category::lane_marking, Category::road) = 2;
    pairs.at(Category::car, Category::sky) = 1;
    pairs.at(Category::other_object, Category::road) = 1;  // no class of SemanticKITTI's 19
    const auto sets = research::class_sets();
    const research::Agreement finest(pairs, sets[0]), sk19(pairs, sets[1]);
    EXPECT_EQ(finest.points(), 10);
    EXPECT_DOUBLE_EQ(finest.share(), 0.6);
    EXPECT_EQ(sk19.points(), 9);
    EXPECT_DOUBLE_EQ(sk19.share(), 8 / 9.0);
    EXPECT_EQ(sk19.at(0, research::ClassSet::none), 1) << "a car in the sky";
    EXPECT_TRUE(std::isnan(research::Agreement({}, sets[0]).share()));
}
