// The stages end to end on a tiny data set made here: they learn, resume bit-exactly, and what they
// write can be used.
#include "training/stages.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include <cmath>
#include <map>

#include "datasets/dataset.hpp"
#include "formats/image.hpp"
#include "formats/model_file.hpp"
#include "formats/safetensors.hpp"
#include "inference/evaluate.hpp"
#include "models/gpu.hpp"
#include "models/state.hpp"
#include "support/data.hpp"
#include "support/espnetv2.hpp"
#include "training/stages_fixture.hpp"

namespace distillar::training {
namespace {

using test::Stages;

namespace fs = std::filesystem;

double first_and_last_loss_ratio(const fs::path& metrics) {
    const std::string text = test::read_bytes(metrics);
    const auto loss_after = [&](std::size_t place) {
        return std::stod(text.substr(text.find("\"loss\":", place) + 7));
    };
    const std::size_t last = text.rfind("\"loss\":");
    return loss_after(last) / loss_after(0);
}

TEST_F(Stages, CropsOutsideTheFieldOfViewTeachNothing) {
    const std::vector<std::string> small{"batch=1", "steps=20", "augmentation.max_points=5"};
    auto narrow = small;
    narrow.insert(narrow.end(), {"model.input.fov=[[-8, -8, -4], [8, 8, 6]]"});
    train(config<TrainConfig>(narrow), run("train"), [] {});
    auto head = small;
    head.push_back("weights=" + (run("train") / "model.safetensors").string());
    probe(config<ProbeConfig>(head), run("probe"), [] {});
    for (const char* name : {"train", "probe"}) {
        std::istringstream lines(test::read_bytes(run(name) / "metrics.jsonl"));
        int with = 0, without = 0;
        for (std::string line; std::getline(lines, line);) {
            ++(line.find("\"loss\"") == std::string::npos ? without : with);
        }
        EXPECT_GT(with, 0) << name;
        EXPECT_GT(without, 0) << name;
        for (const auto& [key, tensor] :
             formats::read_model(run(name) / "model.safetensors").tensors) {
            EXPECT_TRUE(models::to_torch(tensor).isfinite().all().item<bool>()) << name << key;
        }
    }
}

TEST_F(Stages, EveryStageRunsOnAGpu) {
    DISTILLAR_GPU_OR_SKIP();
    const auto on_gpu = [](std::vector<std::string> more) {
        more.insert(more.end(), {"device=cuda", "steps=30"});
        return more;
    };
    const auto from = [&](const char* name) {
        return "weights=" + (run(name) / "model.safetensors").string();
    };
    pretrain(config<PretrainConfig>(on_gpu({"views.all_cameras=true"})), run("pretrain"), [] {});
    EXPECT_LT(first_and_last_loss_ratio(run("pretrain") / "metrics.jsonl"), 0.8);
    probe(config<ProbeConfig>(on_gpu({from("pretrain")})), run("probe"), [] {});
    train(config<TrainConfig>(on_gpu({})), run("train"), [] {});
    EXPECT_LT(first_and_last_loss_ratio(run("train") / "metrics.jsonl"), 1);
    adapt(config<AdaptRunConfig>(on_gpu({from("probe"), "adapt.confidence=0.1"})), run("adapt"),
          [] {});
    for (const char* name : {"pretrain", "probe", "train", "adapt"}) {
        for (const auto& [key, tensor] :
             formats::read_model(run(name) / "model.safetensors").tensors) {
            EXPECT_TRUE(models::to_torch(tensor).isfinite().all().item<bool>()) << name << key;
        }
    }
}

TEST_F(Stages, DistilProbeFineTuneAndEvaluate) {
    bool started = false;
    pretrain(config<PretrainConfig>({"views.all_cameras=true", "steps=30"}), run("pretrain"),
             [&] { started = true; });
    EXPECT_TRUE(started);
    EXPECT_LT(first_and_last_loss_ratio(run("pretrain") / "metrics.jsonl"), 0.8);
    EXPECT_NE(test::read_bytes(run("pretrain") / "metrics.jsonl").find("validation.cosine"),
              std::string::npos);
    const auto page = test::read_bytes(run("pretrain") / "report.html");
    for (const char* part :
         {"<polyline", "last validation.cosine", "<dd>halves</dd>", "steps: 30"}) {
        EXPECT_NE(page.find(part), std::string::npos) << part;
    }
    const auto distilled = formats::read_model(run("pretrain") / "model.safetensors").description;
    EXPECT_EQ(distilled.provenance.teacher, "halves");
    EXPECT_EQ(distilled.head.outputs, 6);
    EXPECT_TRUE(distilled.classes.empty());

    const std::string weights = "weights=" + (run("pretrain") / "model.safetensors").string();
    probe(config<ProbeConfig>({weights, "steps=60"}), run("probe"), [] {});
    const auto before = formats::read_model(run("pretrain") / "model.safetensors").tensors;
    const auto after = formats::read_model(run("probe") / "model.safetensors").tensors;
    for (const auto& [name, tensor] : before) {
        if (!name.starts_with("classif.")) {
            EXPECT_TRUE(std::ranges::equal(tensor.bytes, after.at(name).bytes)) << name;
        }
    }
    EXPECT_FALSE(fs::exists(run("probe") / "cache"));

    const std::string probed = "weights=" + (run("probe") / "model.safetensors").string();
    train(config<TrainConfig>({probed, "model.backbone.drop_path=0", "steps=40"}), run("fine"),
          [] {});
    const auto predictor = test::predictor(run("fine") / "model.safetensors");
    datasets::Selection selection;
    selection.path = folder_ / "data";
    selection.format = "semantickitti";
    const auto dataset = datasets::open_dataset(selection);
    const auto labelling = datasets::labelling_of("kitti-to-pandaset8", "source");
    inference::require_same_classes(predictor->description(), labelling);
    const auto result = inference::evaluate(*predictor, *dataset, labelling);
    EXPECT_EQ(result.confusion.points(), 4500);
    std::int64_t right = 0;
    for (std::size_t c = 0; c < 8; ++c) {
        right += result.confusion.at(c, c);
    }
    EXPECT_GT(right, 4000);
    const auto& origin = predictor->description().provenance;
    EXPECT_EQ(origin.stage, "train");
    EXPECT_EQ(origin.teacher, "halves") << "kept from the distilled model";
    EXPECT_EQ(origin.data_licence, "CC BY-NC-SA 4.0");
    EXPECT_EQ(origin.data_sets, std::vector<std::string>{"semantickitti"});
}

TEST_F(Stages, ATeacherThatRunsHereIsRunOncePerImage) {
    const auto weights = test::write_random_espnetv2(folder_.path());
    const std::vector<std::string> teacher{"teacher.kind=espnetv2", "steps=2",
                                           "teacher.weights=" + weights.string(),
                                           "teacher.features=" + (folder_ / "cache").string()};
    pretrain(config<PretrainConfig>(teacher), run("first"), [] {});
    const auto distilled = formats::read_model(run("first") / "model.safetensors").description;
    EXPECT_EQ(distilled.provenance.teacher, "espnetv2_s0.5_cityscapes_1024x512");
    EXPECT_EQ(distilled.provenance.teacher_licence, "MIT");
    EXPECT_EQ(distilled.head.outputs, 100);
    std::map<std::string, fs::file_time_type> written;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache")) {
        if (entry.is_regular_file()) {
            written[entry.path().string()] = entry.last_write_time();
        }
    }
    EXPECT_EQ(written.size(), 2U) << "teacher.json and a shard: three images of one content";
    pretrain(config<PretrainConfig>(teacher), run("second"), [] {});
    for (const auto& [file, time] : written) {
        EXPECT_EQ(fs::last_write_time(file), time) << file;
    }
    const auto without = [&](const char* key) {
        auto overrides = teacher;
        overrides.push_back(std::string(key) + "=''");
        return test::error_of(
            [&] { pretrain(config<PretrainConfig>(overrides), run("no"), [] {}); });
    };
    EXPECT_NE(without("teacher.weights").find("teacher.weights is missing"), std::string::npos);
    EXPECT_NE(without("teacher.features").find("teacher.features is missing"), std::string::npos);
}

TEST_F(Stages, InterruptedStagesEndWithTheSameBits) {
    pretrain(config<PretrainConfig>(), run("backbone"), [] {});
    const std::vector<std::string> start{"weights=" +
                                         (run("backbone") / "model.safetensors").string()};
    const std::map<std::string, std::function<void(const std::string&)>> stages{
        {"pretrain",
         [&](const auto& name) { pretrain(config<PretrainConfig>(), run(name), [] {}); }},
        {"probe", [&](const auto& name) { probe(config<ProbeConfig>(start), run(name), [] {}); }},
        {"train", [&](const auto& name) { train(config<TrainConfig>(), run(name), [] {}); }}};
    for (const auto& [stage, go] : stages) {
        SCOPED_TRACE(stage);
        const std::string whole = stage + "-whole", broken = stage + "-broken";
        go(whole);
        // A run that dies after step 10 has a checkpoint of it.
        go(broken);
        fs::remove(run(broken) / "model.safetensors");
        ASSERT_TRUE(fs::exists(run(broken) / "checkpoints/step-00000010"));
        go(broken);
        for (const char* file : {"model.safetensors", "metrics.jsonl"}) {
            EXPECT_EQ(test::read_bytes(run(whole) / file), test::read_bytes(run(broken) / file))
                << file;
        }
    }
}

TEST_F(Stages, RecomputedActivationsGiveTheSameBitsInterruptedOrNot) {
    const std::vector<std::string> recomputed{"activations=recomputed"};
    train(config<TrainConfig>(), run("stored"), [] {});
    train(config<TrainConfig>(recomputed), run("recomputed"), [] {});
    fs::remove(run("recomputed") / "model.safetensors");
    train(config<TrainConfig>(recomputed), run("recomputed"), [] {});
    EXPECT_EQ(test::read_bytes(run("stored") / "metrics.jsonl"),
              test::read_bytes(run("recomputed") / "metrics.jsonl"));
    const auto expected = formats::read_model(run("stored") / "model.safetensors").tensors;
    const auto actual = formats::read_model(run("recomputed") / "model.safetensors").tensors;
    ASSERT_EQ(actual.size(), expected.size());
    for (const auto& [name, tensor] : expected) {
        EXPECT_TRUE(std::ranges::equal(tensor.bytes, actual.at(name).bytes)) << name;
    }
}

TEST_F(Stages, FineTuningKeepsAHeadOfTheSettingsClassesAndItsForm) {
    train(config<TrainConfig>({"steps=20"}), run("model"), [] {});
    const std::string weights = "weights=" + (run("model") / "model.safetensors").string();
    // One step of learning rate 0 (the warm-up's first) leaves every parameter where it was.
    const std::vector<std::string> still{weights, "steps=1", "schedule.warmup_steps=1"};
    const auto before = formats::read_model(run("model") / "model.safetensors").tensors;
    const auto fine_tuned = [&](const std::string& name, const std::string& setting,
                                const std::string& head) {
        auto overrides = still;
        overrides.push_back("setting=" + setting);
        overrides.push_back("model=" + head);
        train(config<TrainConfig>(overrides), run(name), [] {});
        return formats::read_model(run(name) / "model.safetensors");
    };
    const auto same = fine_tuned("same", "kitti-to-pandaset8", "{}");
    EXPECT_EQ(same.description.head.kind, "bn_mlp");
    EXPECT_EQ(same.description.head.hidden, 16);
    for (const char* name : {"classif.3.weight", "classif.1.weight", "embed.conv1.weight"}) {
        EXPECT_TRUE(std::ranges::equal(same.tensors.at(name).bytes, before.at(name).bytes)) << name;
    }
    const auto fresh = fine_tuned("fresh", "kitti-to-pandaset8", "{head: {kind: bn_linear}}");
    EXPECT_EQ(fresh.description.head.kind, "bn_linear");
    EXPECT_EQ(formats::to_floats(fresh.tensors.at("classif.1.weight"), "head"),
              std::vector<float>(8 * 16, 0));
    const auto other = fine_tuned("other", "kitti-to-nuscenes10", "{}");
    EXPECT_EQ(other.description.head.kind, "bn_mlp");
    EXPECT_EQ(formats::to_floats(other.tensors.at("classif.3.weight"), "head"),
              std::vector<float>(10 * 16, 0))
        << "other classes: the last layer starts fresh, at 0";
    EXPECT_TRUE(std::ranges::equal(other.tensors.at("embed.conv1.weight").bytes,
                                   before.at("embed.conv1.weight").bytes));
}

TEST_F(Stages, TheSeedChangesTheResult) {
    train(config<TrainConfig>({"steps=2"}), run("a"), [] {});
    train(config<TrainConfig>({"steps=2", "seed=1"}), run("b"), [] {});
    EXPECT_NE(test::read_bytes(run("a") / "model.safetensors"),
              test::read_bytes(run("b") / "model.safetensors"));
}

TEST_F(Stages, SimulatedDataAreNotUnderThePublicDataSetsLicence) {
    const auto origin = [&](const char* name) {
        train(config<TrainConfig>({"steps=2"}), run(name), [] {});
        return formats::read_model(run(name) / "model.safetensors").description.provenance;
    };
    EXPECT_EQ(origin("real").data_licence, "CC BY-NC-SA 4.0");
    test::write_bytes(folder_ / "data/sequences/00/extras/simulation.yaml", "city: a\n");
    const auto simulated = origin("simulated");
    EXPECT_EQ(simulated.data_licence, "");
    EXPECT_EQ(simulated.data_sets, std::vector<std::string>{"simulated semantickitti"});
}

TEST_F(Stages, WhatCannotWorkIsSaidBeforeTheStart) {
    bool started = false;
    const auto error = [&](const TrainConfig& bad) {
        return test::error_of([&] { train(bad, run("bad"), [&] { started = true; }); });
    };
    EXPECT_NE(error(config<TrainConfig>({"setting=nuscenes-to-kitti10"})).find("another setting"),
              std::string::npos);
    EXPECT_NE(error(config<TrainConfig>({"setting=kitti-to-pandaset9"})).find("kitti-to-pandaset8"),
              std::string::npos);
    EXPECT_NE(error(config<TrainConfig>({"setting=synlidar-to-kitti19"})).size(), 0U);
    EXPECT_NE(
        error(config<TrainConfig>({"schedule.warmup_steps=13"})).find("13 warm-up steps of 12"),
        std::string::npos);
    EXPECT_FALSE(started);
    EXPECT_FALSE(fs::exists(run("bad"))) << "nothing half-written";
}

}  // namespace
}  // namespace distillar::training
