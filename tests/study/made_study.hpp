#pragma once
/// A small study of simulated data, as text that tests change.
#include <gtest/gtest.h>

#include <string>

#include "study/plan.hpp"
#include "support/data.hpp"

namespace distillar::test {

class StudyTest : public testing::Test {
protected:
    void SetUp() override {
        write_bytes(
            folder_ / "train.yaml",
            "distillar-config: 1\n"
            "model: {backbone: {channels: 16, depth: 3}, head: {kind: bn_mlp, hidden: 16}}\n"
            "setting: city-a64-to-b64\n"
            "data: {train: [{format: semantickitti, path: " +
                (folder_ / "out/data/a/1").string() + "}]}\nsteps: 4\n");
        write_bytes(folder_ / "probe.yaml",
                    "distillar-config: 1\n"
                    "setting: city-a64-to-b64\n"
                    "data: {train: [{format: semantickitti, path: x}]}\nsteps: 4\n");
    }

    /// The text with every `from` replaced by `to`; `from` must be in it.
    std::string text(const std::string& from = "", const std::string& to = "") const {
        std::string yaml =
            "distillar-study: 1\n"
            "title: Small\n"
            "seeds: [3, 5]\n"
            "jobs: 2\n"
            "data:\n"
            "  a: {simulate: {city: a, rig: hdl64e, format: semantickitti, seed: [1, 2], frames: "
            "2}}\n"
            "  b: {simulate: {city: b, rig: hdl32e, format: nuscenes, frames: 2, interval: 3}}\n"
            "  both: [a, b]\n"
            "settings:\n"
            "  a-to-b:\n"
            "    setting: city-a64-to-b32\n"
            "    source: a\n"
            "    target: b\n"
            "    words: {target_labels: city-b32-to-a64}\n"
            "    tests: {far: {data: b}}\n"
            "  b-to-b:\n"
            "    setting: city-b32-to-a64\n"
            "    source: b\n"
            "    tests: {near: {data: b, side: source}, far: {data: b, side: source}}\n"
            "recipes:\n"
            "  plain: {stage: train, config: " +
            (folder_ / "train.yaml").string() +
            "}\n"
            "  head: {stage: probe, from: plain, config: " +
            (folder_ / "probe.yaml").string() +
            ", set: {optimiser.learning_rate: 0.5}}\n"
            "  oracle:\n"
            "    stage: train\n"
            "    config: " +
            (folder_ / "train.yaml").string() +
            "\n"
            "    settings: a-to-b\n"
            "    set: {data.train: \"[{target}]\", setting: \"{target_labels}\"}\n"
            "baseline: plain\n"
            "oracle: oracle\n";
        if (!from.empty()) {
            EXPECT_NE(yaml.find(from), std::string::npos) << from;
            for (auto at = yaml.find(from); at != std::string::npos;
                 at = yaml.find(from, at + to.size())) {
                yaml.replace(at, from.size(), to);
            }
        }
        return yaml;
    }

    study::Study load(const std::string& yaml) const {
        return study::load_study(write_bytes(folder_ / "study.yaml", yaml), folder_ / "out");
    }
    study::Plan plan(const std::string& yaml, const std::string& only = "") const {
        return study::make_plan(load(yaml), folder_ / "out", only);
    }

    TemporaryFolder folder_;
};

}  // namespace distillar::test
