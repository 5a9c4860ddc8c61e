// Adapting a model to a target without labels, end to end on a tiny data set made here.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "formats/model_file.hpp"
#include "formats/safetensors.hpp"
#include "support/data.hpp"
#include "training/made_scans.hpp"
#include "training/stages.hpp"
#include "training/torch_predictor.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

class Adapt : public testing::Test {
protected:
    static void SetUpTestSuite() {
        source_ = std::make_unique<test::TemporaryFolder>();
        write_scans(*source_ / "data", 0, 2.75);
    }
    static void TearDownTestSuite() { source_.reset(); }

    void SetUp() override { write_scans(folder_ / "target", 10, -1.5); }

    static void write_scans(const fs::path& folder, std::uint64_t seed, double box) {
        for (std::uint64_t i = 0; i < 3; ++i) {
            test::write_made_scan(folder / "sequences/00", "00000" + std::to_string(i), seed + i,
                                  box);
        }
    }

    fs::path run(const std::string& name) { return folder_ / ("runs/" + name); }
    static std::string data(const fs::path& folder) {
        return "[{format: semantickitti, path: " + folder.string() + "}]";
    }

    /// A segmentation model of the source, trained once for all tests.
    static fs::path source_model(const std::string& norm = "layernorm") {
        const fs::path run = *source_ / ("runs/" + norm);
        const std::string text =
            "distillar-config: 1\nmodel:\n  head: {kind: bn_mlp, hidden: 16}\n"
            "  backbone: {channels: 16, depth: 3, drop_path: 0.1, norm: " +
            norm +
            "}\n"
            "  input: {features: [x, y, z, radius], voxel: 0.1, cell: 1.0,\n"
            "          fov: [[-16, -16, -4], [16, 16, 6]]}\n"
            "setting: kitti-to-pandaset8\nbatch: 2\nsteps: 40\n"
            "schedule: {warmup_steps: 2}\noptimiser: {learning_rate: 0.01}\n"
            "data: {train: " +
            data(*source_ / "data") + "}\n";
        const auto file = test::write_bytes(*source_ / (norm + ".yaml"), text);
        train(load_config<TrainConfig>(file, {}), run,
              [] {});  // nothing to do where it is finished
        return run / "model.safetensors";
    }

    AdaptRunConfig config(const std::vector<std::string>& overrides = {}) {
        const std::string text =
            "distillar-config: 1\nweights: " + source_model().string() +
            "\nsetting: kitti-to-pandaset8\nbatch: 2\nsteps: 12\nlog_every: 1\n"
            "checkpoint_every: 5\noptimiser: {learning_rate: 0.01}\ncache: {augmented_views: 2}\n"
            "adapt: {confidence: 0.6}\ndata: {train: " +
            data(*source_ / "data") + ", target: " + data(folder_ / "target") + "}\n";
        return load_config<AdaptRunConfig>(test::write_bytes(folder_ / "adapt.yaml", text),
                                           overrides);
    }

    std::string bytes_of(const std::string& name) {
        return test::read_bytes(run(name) / "model.safetensors");
    }

    std::vector<nlohmann::json> metrics(const std::string& name) {
        std::istringstream lines(test::read_bytes(run(name) / "metrics.jsonl"));
        std::vector<nlohmann::json> result;
        for (std::string line; std::getline(lines, line);) {
            result.push_back(nlohmann::json::parse(line));
        }
        return result;
    }

    std::string error(const std::vector<std::string>& overrides) {
        return test::error_of(
            [&] { adapt(config(overrides), run("bad"), [&] { started_ = true; }); });
    }

    static inline std::unique_ptr<test::TemporaryFolder> source_;
    bool started_ = false;
    test::TemporaryFolder folder_;
};

bool same(const formats::Tensor& a, const formats::Tensor& b) {
    return std::ranges::equal(a.bytes, b.bytes);
}

TEST_F(Adapt, SelfTrainingLowersItsLossAndChangesTheHeadsParametersAlone) {
    adapt(config({"steps=60", "optimiser.learning_rate=0.003"}), run("adapted"),
          [&] { started_ = true; });
    EXPECT_TRUE(started_);
    EXPECT_FALSE(fs::exists(run("adapted") / "cache"));
    const auto lines = metrics("adapted");
    ASSERT_EQ(lines.size(), 60U);
    const auto mean_loss = [&](std::size_t first) {
        double sum = 0;
        for (std::size_t i = first; i < first + 10; ++i) {
            sum += lines[i]["loss"].get<double>();
        }
        return sum / 10;
    };
    EXPECT_LT(mean_loss(50), 0.9 * mean_loss(0));
    for (const char* name : {"source.loss", "target.loss", "target.entropy", "target.agreement",
                             "target.kept", "accuracy", "learning_rate"}) {
        EXPECT_TRUE(lines.back()[name].is_number()) << name;
    }
    EXPECT_GT(lines.back()["target.kept"].get<double>(), 0);
    EXPECT_LE(lines.back()["target.kept"].get<double>(), 1);

    const auto before = formats::read_model(source_model());
    const auto after = formats::read_model(run("adapted") / "model.safetensors");
    for (const auto& [name, tensor] : before.tensors) {
        const bool trained =
            name.starts_with("classif.") && (name.ends_with("weight") || name.ends_with("bias"));
        EXPECT_EQ(same(tensor, after.tensors.at(name)), !trained) << name;
    }
    EXPECT_EQ(after.description.provenance.stage, "adapt");
    EXPECT_EQ(after.description.class_set, before.description.class_set);
    EXPECT_EQ(after.description.sensor.height, before.description.sensor.height);
    EXPECT_EQ(test::predictor(run("adapted") / "model.safetensors")->description().classes.size(),
              8U);
}

TEST_F(Adapt, TheOriginNamesTheTarget) {
    fs::create_directories(folder_ / "scans");
    fs::copy(folder_ / "target/sequences/00/velodyne", folder_ / "scans");
    adapt(config({"steps=2", "data.target=[{path: " + (folder_ / "scans").string() + "}]"}),
          run("adapted"), [] {});
    const auto origin =
        formats::read_model(run("adapted") / "model.safetensors").description.provenance;
    EXPECT_EQ(origin.data_sets, (std::vector<std::string>{"semantickitti", "folder"}));
}

TEST_F(Adapt, TheTargetsLabelsAreNeverRead) {
    const fs::path labels = folder_ / "target/sequences/00/labels";
    for (const char* method : {"self_training", "adabn"}) {
        const std::string name = method;
        const std::vector<std::string> overrides{"adapt.method=" + name};
        test::write_made_scan(folder_ / "target/sequences/00", "000000", 10, -1.5);
        adapt(config(overrides), run(name + "-labels"), [] {});
        test::write_bytes(labels / "000000.label", "no labels at all");
        adapt(config(overrides), run(name + "-garbage"), [] {});
        fs::remove_all(labels);
        adapt(config(overrides), run(name + "-none"), [] {});
        EXPECT_EQ(bytes_of(name + "-labels"), bytes_of(name + "-garbage")) << name;
        EXPECT_EQ(bytes_of(name + "-labels"), bytes_of(name + "-none")) << name;
    }
}

TEST_F(Adapt, AnInterruptedRunEndsWithTheSameBits) {
    const std::vector<std::string> everything{"adapt.thresholds=class",  "adapt.statistics=target",
                                              "adapt.result=teacher",    "adapt.select=entropy",
                                              "adapt.select_every=4",    "adapt.ema_every=3",
                                              "adapt.entropy_weight=0.5"};
    int number = 0;
    for (const auto& overrides : {std::vector<std::string>{}, everything}) {
        const std::string name = "run" + std::to_string(number++);
        adapt(config(overrides), run(name), [] {});
        const auto whole = bytes_of(name);
        const auto lines = test::read_bytes(run(name) / "metrics.jsonl");
        fs::remove(run(name) / "model.safetensors");
        ASSERT_TRUE(fs::exists(run(name) / "checkpoints/step-00000010"));
        adapt(config(overrides), run(name), [] {});
        EXPECT_EQ(bytes_of(name), whole) << name;
        EXPECT_EQ(test::read_bytes(run(name) / "metrics.jsonl"), lines) << name;
    }
}

TEST_F(Adapt, TheHeadKeptIsTheOneAskedFor) {
    adapt(config(), run("student"), [] {});
    adapt(config({"adapt.result=teacher"}), run("teacher"), [] {});
    adapt(config({"adapt.select=entropy", "adapt.select_every=1", "adapt.target_weight=0"}),
          run("entropy"), [] {});
    EXPECT_NE(bytes_of("student"), bytes_of("teacher"));
    double lowest = 1e9;
    for (const auto& line : metrics("entropy")) {
        if (line.contains("target.selection_entropy")) {
            lowest = std::min(lowest, line["target.selection_entropy"].get<double>());
        }
    }
    EXPECT_LT(lowest, 2.1) << "log(8) is no idea";
}

TEST_F(Adapt, RunsShareTokensThatAreTheSame) {
    const auto shared = folder_ / "tokens";
    const auto files = [&] {
        std::set<fs::path> names;
        for (const auto& entry : fs::directory_iterator(shared)) {
            names.insert(entry.path());
        }
        return names;
    };
    const std::string there = "cache.folder=" + shared.string();
    adapt(config({"cache.points=50"}), run("own"), [] {});
    adapt(config({"cache.points=50", there}), run("first"), [] {});
    const auto own = formats::read_model(run("own") / "model.safetensors").tensors;
    for (const auto& [name, tensor] :
         formats::read_model(run("first") / "model.safetensors").tensors) {
        EXPECT_TRUE(same(own.at(name), tensor)) << name;
    }
    EXPECT_FALSE(fs::exists(run("first") / "cache"));
    const auto made = files();
    EXPECT_FALSE(made.empty());
    for (const auto& file : made) {
        EXPECT_LE(formats::read_safetensors(file).tensors.at("tokens").shape.at(0), 50);
    }
    adapt(config({"cache.points=50", there, "adapt.confidence=0.7"}), run("second"), [] {});
    EXPECT_EQ(files(), made) << "another head, the same tokens";
    adapt(config({"cache.points=50", there, "augmentation.tilt=3"}), run("third"), [] {});
    EXPECT_GT(files().size(), made.size()) << "other views";
}

TEST_F(Adapt, SamplesAreAugmentedAnewWithoutACache) {
    adapt(config({"cache.augmented_views=0", "adapt.select=entropy"}), run("a"), [] {});
    adapt(config({"cache.augmented_views=0", "adapt.select=entropy"}), run("b"), [] {});
    EXPECT_EQ(bytes_of("a"), bytes_of("b"));
    EXPECT_FALSE(fs::exists(run("a") / "cache"));
}

TEST_F(Adapt, ATargetWithoutAConfidentPointEndsTheRunWithNothingWritten) {
    const std::string message = error(
        {"adapt.confidence=0.9999", "adapt.give_up_steps=3", "optimiser.learning_rate=0.000001"});
    EXPECT_TRUE(started_);
    EXPECT_NE(message.find("highest confidence is 0."), std::string::npos) << message;
    EXPECT_NE(message.find("adapt.confidence is 0.9999; lower it"), std::string::npos) << message;
    EXPECT_FALSE(fs::exists(run("bad") / "model.safetensors"));
    EXPECT_FALSE(fs::exists(run("bad") / "cache"));
    EXPECT_EQ(metrics("bad").size(), 2U) << "given up in step 3";
}

TEST_F(Adapt, AdabnChangesStatisticsAloneAndTakesNoSource) {
    for (const char* norm : {"layernorm", "batchnorm"}) {
        const std::string text =
            "distillar-config: 1\nadapt: {method: adabn}\nbatch: 2\nweights: " +
            source_model(norm).string() + "\ndata: {target: " + data(folder_ / "target") + "}\n";
        const auto file = test::write_bytes(folder_ / "adabn.yaml", text);
        const std::string name = std::string("adabn-") + norm;
        adapt(load_config<AdaptRunConfig>(file, {}), run(name), [] {});
        adapt(load_config<AdaptRunConfig>(file, {}), run(name + "-again"), [] {});
        EXPECT_EQ(bytes_of(name), bytes_of(name + "-again"));
        const auto before = formats::read_model(source_model(norm)).tensors;
        const auto adapted = formats::read_model(run(name) / "model.safetensors");
        EXPECT_EQ(adapted.description.provenance.stage, "adabn");
        const auto& after = adapted.tensors;
        for (const auto& [tensor_name, tensor] : before) {
            const bool statistic = tensor_name.find(".running_") != std::string::npos ||
                                   tensor_name.ends_with("num_batches_tracked");
            EXPECT_EQ(same(tensor, after.at(tensor_name)), !statistic) << tensor_name;
        }
        test::predictor(run(name) / "model.safetensors");
    }
}

TEST_F(Adapt, WhatCannotWorkIsSaidBeforeTheStart) {
    const auto expect = [&](const std::vector<std::string>& overrides, const std::string& part) {
        const std::string message = error(overrides);
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos);
    };
    expect({"weights=''"}, "weights: FILE");
    expect({"weights=/nowhere.safetensors"}, "/nowhere.safetensors");
    expect({"setting=nuscenes-to-kitti10"}, "choose a setting of the model's classes");
    expect({"setting=''"}, "setting: NAME");
    expect({"data.target=[]"}, "name at least one data set");
    expect({"data.target=[{path: /nowhere}]"}, "/nowhere: is not there");
    expect({"data.validation=[]"}, "validation");
    expect({"adapt.confidense=0.5"}, "did you mean 'confidence'");
    expect({"adapt.confidence=1"}, "in [0, 1)");
    expect({"adapt.method=magic"}, "self_training, adabn");
    expect({"adapt.class_thresholds.discount=0"}, "above 0");
    expect({"model.head.hidden=8"}, "come with the weights");
    expect({"model.backbone.channels=8"}, "come with the weights");
    expect({"device=tpu"}, "cpu, cuda");
    EXPECT_FALSE(started_);
    EXPECT_FALSE(fs::exists(run("bad")));
}

TEST_F(Adapt, TheResolvedTextReadsBackToItself) {
    const AdaptRunConfig resolved =
        config({"adapt.thresholds=class", "adapt.class_thresholds.floor=0.3"});
    const auto file = test::write_bytes(folder_ / "resolved.yaml", resolved.resolved);
    const auto again = load_config<AdaptRunConfig>(file, {});
    EXPECT_EQ(again.resolved, resolved.resolved);
    EXPECT_EQ(again.adapt.class_thresholds.floor, 0.3);
    EXPECT_FALSE(again.target.at(0).labels);
}

}  // namespace
}  // namespace distillar::training
