#include "training/run_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "formats/safetensors.hpp"
#include "support/data.hpp"
#include "support/event_file.hpp"
#include "training/made_checkpoint.hpp"

namespace distillar::training {
namespace {

using test::checkpoint_at;

PretrainConfig config_with(const std::string& text, int keep = 2) {
    PretrainConfig config;
    config.resolved = text;
    config.keep_checkpoints = keep;
    return config;
}

TEST(RunFolder, GoesOnAtTheNewestCheckpoint) {
    const test::TemporaryFolder folder;
    {
        RunFolder run(folder / "run", config_with("a: 1\n"));
        EXPECT_FALSE(run.resume().has_value());
        for (const int step : {10, 20, 30}) {
            run.log_metrics(step, {{"loss", 1.0 / step}});
            run.save(checkpoint_at(step));
        }
        run.log_metrics(35, {{"loss", 0.5}});
    }
    RunFolder run(folder / "run", config_with("a: 1\n"));
    const auto checkpoint = run.resume();
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_EQ(checkpoint->step, 30);
    EXPECT_EQ(formats::to_floats(checkpoint->model.at("w"), "w").at(0), 30.0F);
    const std::string metrics = test::read_bytes(folder / "run/metrics.jsonl");
    EXPECT_NE(metrics.find("\"step\":30"), std::string::npos);
    EXPECT_EQ(metrics.find("\"step\":35"), std::string::npos) << "it will be logged again";
    EXPECT_FALSE(std::filesystem::exists(folder / "run/checkpoints/step-00000010"));
}

TEST(RunFolder, TensorboardSeesWhatMetricsJsonlHolds) {
    const test::TemporaryFolder folder;
    const auto events = [&] {
        return test::parse_events(test::read_bytes(folder / "run/events.out.tfevents.distillar"));
    };
    {
        RunFolder run(folder / "run", config_with("a: 1\n"));
        run.resume();
        run.log_metrics(10, {{"accuracy", 0.25}, {"loss", 2.0}});
        run.save(checkpoint_at(10));
        run.log_metrics(20, {{"loss", 1.5}});
        ASSERT_EQ(events().size(), 3U);
        EXPECT_EQ(events()[0].version, "brain.Event:2");
        EXPECT_EQ(events()[2].step, 20);
    }
    // Interrupted after step 20, whose line was being written; step 10's checkpoint is the newest.
    std::ofstream(folder / "run/metrics.jsonl", std::ios::app) << "{\"step\":30,\"lo";
    RunFolder run(folder / "run", config_with("a: 1\n"));
    run.resume();
    ASSERT_EQ(events().size(), 2U);
    EXPECT_EQ(events()[1].step, 10);
    EXPECT_EQ(events()[1].values, (std::map<std::string, float>{{"accuracy", 0.25F}, {"loss", 2}}));
    run.log_metrics(20, {{"loss", 1.25}});
    ASSERT_EQ(events().size(), 3U);
    EXPECT_EQ(events()[2].values.at("loss"), 1.25F);
}

TEST(RunFolder, ADamagedCheckpointIsPassedOver) {
    const test::TemporaryFolder folder;
    {
        RunFolder run(folder / "run", config_with("a: 1\n"));
        run.resume();
        run.save(checkpoint_at(10));
        run.save(checkpoint_at(20));
    }
    const auto newest = folder / "run/checkpoints/step-00000020/model.safetensors";
    std::string bytes = test::read_bytes(newest);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    test::write_bytes(newest, bytes);
    RunFolder run(folder / "run", config_with("a: 1\n"));
    EXPECT_EQ(run.resume()->step, 10);
}

TEST(RunFolder, MultiplesAreKeptForGood) {
    const test::TemporaryFolder folder;
    auto config = config_with("a: 1\n");
    config.keep_every = 30;
    RunFolder run(folder / "run", config);
    run.resume();
    for (int step = 10; step <= 80; step += 10) {
        run.save(checkpoint_at(step));
    }
    std::set<std::string> kept;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "run/checkpoints")) {
        kept.insert(entry.path().filename().string());
    }
    EXPECT_EQ(kept, (std::set<std::string>{"step-00000030", "step-00000060", "step-00000070",
                                           "step-00000080"}));
}

TEST(RunFolder, ALaterCheckpointThatCannotBeReadDisplacesNone) {
    const test::TemporaryFolder folder;
    const auto one = config_with("a: 1\n", 1);
    {
        RunFolder run(folder / "run", one);
        run.resume();
        run.save(checkpoint_at(30));
        test::write_bytes(folder / "run/checkpoints/step-00000030/model.safetensors", "damaged");
    }
    {
        RunFolder run(folder / "run", one);
        EXPECT_FALSE(run.resume().has_value());
        run.save(checkpoint_at(10));
    }
    RunFolder run(folder / "run", one);
    EXPECT_EQ(run.resume()->step, 10);
}

TEST(RunFolder, ACheckpointWithoutManifestDoesNotCount) {
    const test::TemporaryFolder folder;
    {
        RunFolder run(folder / "run", config_with("a: 1\n"));
        run.resume();
        run.save(checkpoint_at(10));
        run.save(checkpoint_at(20));
    }
    std::filesystem::remove(folder / "run/checkpoints/step-00000020/manifest.json");
    EXPECT_EQ(RunFolder(folder / "run", config_with("a: 1\n")).resume()->step, 10);
}

TEST(RunFolder, WhatAKilledRunWasWritingIsNoCheckpoint) {
    const test::TemporaryFolder folder;
    RunFolder run(folder / "run", config_with("a: 1\n"));
    test::write_bytes(folder / "run/checkpoints/unfinished/manifest.json", "{}");
    EXPECT_FALSE(run.resume().has_value());
    run.save(checkpoint_at(10));
    EXPECT_FALSE(std::filesystem::exists(folder / "run/checkpoints/unfinished"));
    run.save(checkpoint_at(10));  // again: a run that was stopped there
    EXPECT_EQ(run.resume()->step, 10);
    const auto manifest = test::read_bytes(folder / "run/checkpoints/step-00000010/manifest.json");
    for (const char* part : {"crc32", "\"config\"", "\"version\""}) {
        EXPECT_NE(manifest.find(part), std::string::npos) << part;
    }
}

TEST(RunFolder, OneProcessAtATime) {
    const test::TemporaryFolder folder;
    const auto open = [&] { RunFolder run(folder / "run", config_with("a: 1\n")); };
    {
        const RunFolder run(folder / "run", config_with("a: 1\n"));
        EXPECT_NE(test::error_of(open).find("another distillar trains in this folder"),
                  std::string::npos);
    }
    open();
}

TEST(RunFolder, AnotherConfigOrForeignFilesAreRefused) {
    const test::TemporaryFolder folder;
    { RunFolder run(folder / "run", config_with("a: 1\n")); }
    EXPECT_NE(test::error_of([&] {
                  RunFolder run(folder / "run", config_with("a: 2\n"));
              }).find("holds a run of another config: a was 1, is 2;"),
              std::string::npos);
    EXPECT_NE(test::error_of([&] {
                  RunFolder run(folder / "run", config_with("# stage: probe\na: 1\n"));
              }).find("another stage"),
              std::string::npos);
    test::write_bytes(folder / "other/precious.txt", "mine");
    EXPECT_NE(test::error_of([&] {
                  RunFolder run(folder / "other", config_with("a: 1\n"));
              }).find("not empty"),
              std::string::npos);
    EXPECT_EQ(test::read_bytes(folder / "other/precious.txt"), "mine");
}

TEST(RunFolder, KeysThatDifferAreNamedWithBothValues) {
    EXPECT_EQ(differing_keys("a: {b: 1, c: [1, 2]}\nd: x\n", "a: {b: 1.5, c: [1, 3]}\ne: y\n"),
              (std::vector<std::string>{"a.b was 1, is 1.5", "a.c was [1, 2], is [1, 3]",
                                        "d was x, is not given", "e was not given, is y"}));
}

}  // namespace
}  // namespace distillar::training
