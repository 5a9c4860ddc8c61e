#include "simulation/rendering/weather.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace distillar::simulation;
using Eigen::Vector3f;

namespace {

std::vector<Vector3f> directions() {
    std::vector<Vector3f> all;
    for (int i = 0; i < 24; ++i) {
        for (int k = -6; k <= 12; ++k) {
            const float turn = static_cast<float>(i) * 0.2618F, up = static_cast<float>(k) * 0.13F;
            all.emplace_back(std::cos(up) * std::cos(turn), std::cos(up) * std::sin(turn),
                             std::sin(up));
        }
    }
    return all;
}

}  // namespace

TEST(Weather, IsDrawnFromItsSeed) {
    std::set<float> suns, clouds;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const Weather weather = make_weather(seed), again = make_weather(seed);
        EXPECT_EQ(weather.to_sun, again.to_sun);
        EXPECT_EQ(weather.sun, again.sun);
        EXPECT_EQ(weather.seed, again.seed);
        suns.insert(weather.to_sun.x());
        clouds.insert(weather.clouds);
    }
    EXPECT_EQ(suns.size(), 40U);
    EXPECT_GT(clouds.size(), 15U) << "some are overcast, the others differ";
}

TEST(Weather, IsByDayAndWithinReason) {
    int overcast = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const Weather weather = make_weather(seed);
        EXPECT_NEAR(weather.to_sun.norm(), 1, 1e-5F);
        EXPECT_GT(weather.to_sun.z(), 0.3F);
        EXPECT_GE(weather.sun.minCoeff(), 0);
        EXPECT_LE(weather.sun.maxCoeff(), 1);
        EXPECT_GT(weather.ambient.minCoeff(), 0.05F) << "shadows are not black";
        EXPECT_GE(weather.visibility, 300);
        overcast += weather.sun.maxCoeff() < 0.2F ? 1 : 0;
    }
    EXPECT_GT(overcast, 10);
    EXPECT_LT(overcast, 60);
}

TEST(Weather, TheSkyShinesEverywhereMostAtTheSun) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Weather weather = make_weather(seed);
        for (const Vector3f& direction : directions()) {
            const Vector3f light = sky_radiance(weather, direction);
            EXPECT_TRUE(light.allFinite());
            EXPECT_GT(light.minCoeff(), 0.05F);
            EXPECT_LT(light.maxCoeff(), 10);
        }
        const Vector3f at_sun = sky_radiance(weather, weather.to_sun);
        const Vector3f away(-weather.to_sun.x(), -weather.to_sun.y(), weather.to_sun.z());
        if (weather.sun.maxCoeff() > 0.2F) {
            EXPECT_GT(at_sun.sum(), sky_radiance(weather, away).sum());
        }
    }
}

TEST(Weather, LevelGroundGetsMoreSkyLightThanCeilings) {
    const Weather weather = make_weather(5);
    const float up = ambient_light(weather, {0, 0, 1}).sum();
    EXPECT_GT(up, ambient_light(weather, {1, 0, 0}).sum());
    EXPECT_GT(ambient_light(weather, {1, 0, 0}).sum(), ambient_light(weather, {0, 0, -1}).sum());
    EXPECT_GT(ambient_light(weather, {0, 0, -1}).minCoeff(), 0);
}
