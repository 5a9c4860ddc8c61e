#include "training/schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "formats/safetensors.hpp"
#include "support/data.hpp"

namespace distillar::training {
namespace {

TEST(Schedule, WarmupCosineEqualsThePublished) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const auto file = formats::read_safetensors(reference / "schedules.safetensors");
    const auto settings = nlohmann::json::parse(file.metadata.at("warmup_cosine"));
    const auto expected = formats::to_doubles(file.tensors.at("warmup_cosine"), "warmup_cosine");
    ASSERT_EQ(expected.size(), settings.at("steps").get<std::size_t>());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(warmup_cosine(static_cast<std::int64_t>(i), settings.at("warmup"),
                                  settings.at("steps"), settings.at("factor_min")),
                    expected[i], 1e-12)
            << "step " << i;
    }
}

TEST(Schedule, WarmupRsqrtCooldownEqualsThePublished) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const auto file = formats::read_safetensors(reference / "schedules.safetensors");
    const std::string name = "warmup_rsqrt_cooldown";
    const auto settings = nlohmann::json::parse(file.metadata.at(name));
    const auto expected = formats::to_doubles(file.tensors.at(name), name);
    ASSERT_EQ(expected.size(), settings.at("steps").get<std::size_t>());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(warmup_rsqrt_cooldown(static_cast<std::int64_t>(i), settings.at("warmup"),
                                          settings.at("steps"), settings.at("cooldown_start"),
                                          settings.at("timescale")),
                    expected[i], 1e-12)
            << "step " << i;
    }
}

TEST(Schedule, CosineRunsFromZeroOverOneToTheMinimum) {
    EXPECT_EQ(warmup_cosine(0, 10, 110, 0.01), 0);
    EXPECT_EQ(warmup_cosine(10, 10, 110, 0.01), 1);
    EXPECT_NEAR(warmup_cosine(60, 10, 110, 0.01), 0.505, 1e-12);
    EXPECT_EQ(warmup_cosine(110, 10, 110, 0.01), 0.01);
    EXPECT_EQ(warmup_cosine(999, 10, 110, 0.01), 0.01);
}

TEST(Schedule, WithoutWarmupItStartsAtOne) {
    EXPECT_EQ(warmup_cosine(0, 0, 10, 0), 1);
    EXPECT_EQ(warmup_rsqrt_cooldown(0, 0, 10, 8, 4), 1);
}

TEST(Schedule, CooldownEndsAtZeroWhateverItsLength) {
    for (const std::int64_t start : {97, 98, 99, 100}) {
        for (std::int64_t step = 0; step < 103; ++step) {
            EXPECT_TRUE(std::isfinite(warmup_rsqrt_cooldown(step, 5, 100, start, 50)));
        }
        EXPECT_EQ(warmup_rsqrt_cooldown(101, 5, 100, start, 50), 0);
    }
}

TEST(Schedule, ImpossibleSettingsAreNamed) {
    EXPECT_NE(test::error_of([] { warmup_cosine(0, 20, 10, 0); }).find("20 warm-up steps of 10"),
              std::string::npos);
    EXPECT_NE(test::error_of([] { warmup_cosine(0, 2, 10, 1.5); }).find("1.5"), std::string::npos);
    EXPECT_NE(test::error_of([] { warmup_rsqrt_cooldown(0, 5, 10, 3, 1); }).find("cooldown"),
              std::string::npos);
    EXPECT_NE(test::error_of([] { warmup_rsqrt_cooldown(0, 1, 10, 3, 0); }).find("time scale"),
              std::string::npos);
}

TEST(Schedule, EpochsBecomeSteps) {
    TrainConfig config;
    config.epochs = 10;
    config.batch = 4;
    config.schedule.warmup_epochs = 2;
    const Schedule cosine(config, 8);
    EXPECT_EQ(cosine.steps(), 20);
    EXPECT_EQ(cosine.factor(3), warmup_cosine(3, 4, 20, 0));
    config.schedule.kind = ScheduleConfig::Kind::warmup_rsqrt_cooldown;
    EXPECT_EQ(Schedule(config, 8).factor(18), warmup_rsqrt_cooldown(18, 4, 20, 16, 0.9));
    config.steps = 3;
    EXPECT_NE(test::error_of([&] { Schedule(config, 8); }).find("schedule"), std::string::npos);
}

}  // namespace
}  // namespace distillar::training
