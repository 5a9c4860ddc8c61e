// xModel-KD's stage end to end: both models, resumption, labels that are not there, no images.
#include <fstream>

#include "formats/kitti.hpp"
#include "formats/model_file.hpp"
#include "inference/evaluate.hpp"
#include "inference/frame_predictor.hpp"
#include "models/gpu.hpp"
#include "training/stages.hpp"
#include "training/stages_fixture.hpp"
#include "training/teacher.hpp"

namespace distillar::training {
namespace {

class Fuse : public test::Stages {
protected:
    std::filesystem::path fused(const std::string& name, std::vector<std::string> overrides = {}) {
        overrides.insert(overrides.begin(),
                         {"fuse.hidden=16", "fuse.projection=8", "fuse.projection_hidden=16"});
        fuse(config<FuseRunConfig>(overrides), run(name), [] {});
        return run(name);
    }
    std::string error(const std::vector<std::string>& overrides) {
        bool started = false;
        const auto message = test::error_of(
            [&] { fuse(config<FuseRunConfig>(overrides), run("bad"), [&] { started = true; }); });
        EXPECT_FALSE(started) << message;
        EXPECT_FALSE(std::filesystem::exists(run("bad"))) << "nothing half-written";
        return message;
    }
    std::unique_ptr<inference::FramePredictor> both_predictor(const std::filesystem::path& file,
                                                              const char* device = "cpu") {
        inference::PredictorOptions options;
        options.device = device;
        options.teacher = open_teacher(load_teacher(run("fuse") / "config.yaml"), torch::kCPU);
        return inference::open_predictor(formats::read_model(file), file, std::move(options));
    }
    datasets::Frame frame(bool with_cameras = true) {
        datasets::Selection selection;
        selection.path = folder_ / "data";
        selection.format = "semantickitti";
        selection.with_cameras = with_cameras;
        return datasets::open_dataset(selection)->read(0);
    }
    /// Every label of this scan becomes another one.
    void change_labels(const std::string& name) {
        const auto file = folder_ / "data/sequences/00/labels" / (name + ".label");
        auto bytes = test::read_bytes(file);
        for (std::size_t i = 0; i < bytes.size(); i += 4) {
            bytes[i] = 70;  // vegetation
        }
        test::write_bytes(file, bytes);
    }
    std::vector<std::string> bytes_of(const std::filesystem::path& folder) {
        return {test::read_bytes(folder / "model.safetensors"),
                test::read_bytes(folder / "fused.safetensors"),
                test::read_bytes(folder / "metrics.jsonl")};
    }
};

TEST_F(Fuse, BothModelsLearnAndSayWhatTheyAre) {
    const auto folder = fused("fuse", {"steps=60", "fuse.fusion=attention", "fuse.adapter=8"});
    const auto student = formats::read_model(folder / "model.safetensors").description;
    EXPECT_FALSE(student.fusion);
    EXPECT_EQ(student.provenance.stage, "fuse");
    EXPECT_EQ(student.provenance.teacher, "halves");
    const auto description = formats::read_model(folder / "fused.safetensors").description;
    ASSERT_TRUE(description.fusion);
    EXPECT_EQ(description.fusion->kind, "attention");
    EXPECT_EQ(description.fusion->image_channels, 6);
    EXPECT_EQ(description.fusion->adapter, 8);
    EXPECT_EQ(description.classes.size(), 8U);
    const auto lidar = test::predictor(folder / "model.safetensors");
    const auto both = both_predictor(folder / "fused.safetensors");
    const auto labelling = datasets::labelling_of("kitti-to-pandaset8", "source");
    datasets::Selection selection;
    selection.path = folder_ / "data";
    selection.format = "semantickitti";
    const auto dataset = datasets::open_dataset(selection);
    const auto right = [&](inference::FramePredictor& predictor) {
        const auto result = inference::evaluate(predictor, *dataset, labelling);
        std::int64_t diagonal = 0;
        for (std::size_t c = 0; c < 8; ++c) {
            diagonal += result.confusion.at(c, c);
        }
        return static_cast<double>(diagonal) / static_cast<double>(result.confusion.points());
    };
    EXPECT_GT(right(*lidar), 0.8);
    EXPECT_GT(right(*both), 0.8);
    const auto metrics = test::read_bytes(folder / "metrics.jsonl");
    for (const char* name : {"fused_accuracy", "loss.contrastive", "loss.features", "views"}) {
        EXPECT_NE(metrics.find(name), std::string::npos) << name;
    }
}

TEST_F(Fuse, AnInterruptedRunEndsWithTheSameBits) {
    const auto whole = fused("fuse");
    const auto broken = fused("broken");
    std::filesystem::remove(broken / "model.safetensors");
    std::filesystem::remove(broken / "fused.safetensors");
    ASSERT_TRUE(std::filesystem::exists(broken / "checkpoints/step-00000010"));
    fused("broken");
    EXPECT_EQ(bytes_of(whole), bytes_of(broken));
}

TEST_F(Fuse, OnlyTheShareOfFramesTeachesItsLabels) {
    const std::vector<std::string> first_alone{"labelled.share=0.34"};  // every third: the first
    const auto before = bytes_of(fused("before", first_alone));
    change_labels("000001");
    change_labels("000002");
    EXPECT_EQ(before, bytes_of(fused("after", first_alone)));
    change_labels("000000");
    EXPECT_NE(before, bytes_of(fused("changed", first_alone)));
}

TEST_F(Fuse, TrainTakesTheSameShare) {
    const std::vector<std::string> first_alone{"labelled.share=0.34"};
    const auto trained = [&](const char* name) {
        train(config<TrainConfig>(first_alone), run(name), [] {});
        return test::read_bytes(run(name) / "model.safetensors");
    };
    const auto before = trained("before");
    std::filesystem::remove(folder_ / "data/sequences/00/velodyne/000001.bin");
    test::write_made_scan(folder_ / "data/sequences/00", "000001", 77);
    EXPECT_EQ(before, trained("after")) << "a frame without labels is not seen at all";
    change_labels("000000");
    EXPECT_NE(before, trained("changed"));
}

TEST_F(Fuse, StartsFromADistilledBackbone) {
    pretrain(config<PretrainConfig>({"steps=4"}), run("pretrain"), [] {});
    const auto before = formats::read_model(run("pretrain") / "model.safetensors").tensors;
    const auto folder = fused(
        "fuse", {"weights=" + (run("pretrain") / "model.safetensors").string(),
                 "model={head: {kind: bn_mlp, hidden: 16}}", "steps=1", "schedule.warmup_steps=1"});
    const auto after = formats::read_model(folder / "model.safetensors").tensors;
    const char* name = "waffleiron.channel_mix.0.mlp.0.weight";
    ASSERT_TRUE(before.contains(name));
    EXPECT_TRUE(std::ranges::equal(before.at(name).bytes, after.at(name).bytes))
        << "one step of learning rate 0";
}

TEST_F(Fuse, WithoutImagesTheFusedModelIsItsStudent) {
    const auto folder = fused("fuse", {"steps=30"});
    const auto lidar = test::predictor(folder / "model.safetensors");
    const auto blind = test::predictor(folder / "fused.safetensors");
    const auto both = both_predictor(folder / "fused.safetensors");
    const auto student = lidar->predict(frame());
    const auto without = blind->predict(frame(false));
    EXPECT_EQ(without.classes, student.classes);
    EXPECT_EQ(without.confidence, student.confidence);
    EXPECT_EQ(both->predict(frame(false)).confidence, student.confidence);
    EXPECT_NE(both->predict(frame()).confidence, student.confidence);
    const auto error = test::error_of([&] { blind->predict(frame()); });
    for (const char* part : {"looks at images by halves", "--teacher", "--cameras none"}) {
        EXPECT_NE(error.find(part), std::string::npos) << error;
    }
}

TEST_F(Fuse, AFusedModelIsRefusedWhereItsImagesCannotBe) {
    const auto folder = fused("fuse");
    const auto file = folder / "fused.safetensors";
    for (const auto& error :
         {test::error_of([&] { runtime::Model::load(file, runtime::Precision::fp32); }),
          test::error_of([&] { config<ProbeConfig>({"weights=" + file.string()}); }),
          test::error_of([&] { config<FuseRunConfig>({"weights=" + file.string()}); })}) {
        EXPECT_NE(error.find("fused.safetensors: is a fused model"), std::string::npos) << error;
        EXPECT_NE(error.find("model.safetensors of the same run"), std::string::npos) << error;
    }
}

TEST_F(Fuse, AnotherTeacherIsRefused) {
    const auto folder = fused("fuse");
    auto file = formats::read_model(folder / "fused.safetensors");
    const auto refused = [&](const char* expected) {
        formats::write_model(folder_ / "other.safetensors", file);
        const auto error = test::error_of([&] { both_predictor(folder_ / "other.safetensors"); });
        EXPECT_NE(error.find(expected), std::string::npos) << error;
    };
    file.description.fusion->teacher_fingerprint = "another";
    refused("was trained with other weights");
    file.description.provenance.teacher = "DINOv2";
    refused("was trained with the teacher DINOv2 (6 channels), not with halves (6)");
}

TEST_F(Fuse, WhatCannotWorkIsSaidBeforeTheStart) {
    EXPECT_NE(error({"labelled={share: 0.1, rule: random}"}).find("leaves none of 3 frames"),
              std::string::npos);
    EXPECT_NE(error({"labelled.share=0.34", "batch=1"})
                  .find("batch: 1 leaves no place for the 2 frames without labels"),
              std::string::npos);
    EXPECT_NE(error({"fuse.sweeps={before: 1}"}).find("pose"), std::string::npos);
    EXPECT_NE(error({"fuse.fusion=attention", "fuse.heads=3"}).find("3 heads do not divide"),
              std::string::npos);
    EXPECT_NE(error({"data.train=[{format: semantickitti, path: " + (folder_ / "data").string() +
                     ", cameras: [none]}]"})
                  .find("none of the 3 frames has a camera image"),
              std::string::npos);
    test::write_bytes(folder_ / "data/sequences/00/calib.txt",  // looks straight down, from below
                      "P2: 40 0 32 0 0 40 16 0 0 0 1 0\n"
                      "Tr: 1 0 0 0 0 -1 0 0 0 0 -1 -90\n");
    const auto blind = error({});
    EXPECT_NE(blind.find("no camera sees any point of the 3 frames"), std::string::npos) << blind;
}

TEST_F(Fuse, RunsOnAGpu) {
    DISTILLAR_GPU_OR_SKIP();
    const auto folder = fused("fuse", {"device=cuda", "steps=30"});
    const auto both = both_predictor(folder / "fused.safetensors", "cuda");
    EXPECT_EQ(both->predict(frame()).classes.size(), 1500U);
}

}  // namespace
}  // namespace distillar::training
