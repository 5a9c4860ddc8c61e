// data.validation of train, probe and fuse: it is measured, changes nothing, and can choose.
#include "training/validation.hpp"

#include <gtest/gtest.h>

#include "formats/safetensors.hpp"
#include "training/stages.hpp"
#include "training/stages_fixture.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

class Validations : public test::Stages {
protected:
    std::string held_out(const std::string& more = "") const {
        return "data.validation=[{format: semantickitti, path: " + (folder_ / "data").string() +
               more + "}]";
    }
    std::string weights() {
        pretrain(config<PretrainConfig>({"steps=2"}), run("backbone"), [] {});
        return "weights=" + (run("backbone") / "model.safetensors").string();
    }
    std::vector<LoggedStep> validated(const std::string& name) {
        auto steps = read_metrics(run(name) / "metrics.jsonl");
        std::erase_if(steps, [](const auto& step) {
            return !step.values.contains("validation.miou_common");
        });
        return steps;
    }
    std::string tensors_of(const fs::path& model) {
        std::string all;
        for (const auto& [name, tensor] : formats::read_safetensors(model).tensors) {
            all += name + std::string(reinterpret_cast<const char*>(tensor.bytes.data()),
                                      tensor.bytes.size());
        }
        return all;
    }
    std::string result(const std::string& name) {
        return tensors_of(run(name) / "model.safetensors");
    }
};

TEST_F(Validations, EveryStageWithSourceLabelsMeasuresAndStepsAsWithout) {
    const std::string start = weights();
    const auto go = [&](const std::string& stage, const std::string& name,
                        std::vector<std::string> overrides) {
        if (stage == "probe") {
            overrides.push_back(start);
            probe(config<ProbeConfig>(overrides), run(name), [] {});
        } else if (stage == "train") {
            overrides.push_back("optimiser.freeze_statistics=true");
            train(config<TrainConfig>(overrides), run(name), [] {});
        } else {
            fuse(config<FuseRunConfig>(overrides), run(name), [] {});
        }
    };
    for (const std::string stage : {"probe", "train", "fuse"}) {
        SCOPED_TRACE(stage);
        go(stage, stage, {});
        go(stage, stage + "-validated", {held_out(), "validate_every=5"});
        EXPECT_EQ(result(stage), result(stage + "-validated"));
        EXPECT_TRUE(validated(stage).empty());
        const auto steps = validated(stage + "-validated");
        ASSERT_EQ(steps.size(), 3U);
        EXPECT_EQ(steps[0].step, 5);
        EXPECT_EQ(steps[2].step, 12) << "and at the end";
        EXPECT_LT(steps[2].values.at("validation.loss"), steps[0].values.at("validation.loss"));
        EXPECT_GT(steps[2].values.at("validation.miou_common"), 0.2);
        const auto report = test::read_bytes(run(stage + "-validated") / "report.html");
        EXPECT_NE(report.find("validation.miou_common"), std::string::npos);
    }
}

TEST_F(Validations, TheBestIsKeptThroughAnInterruption) {
    // So high a rate that the last state is not the best.
    const std::vector<std::string> wild{held_out(),
                                        "validate_every=1",
                                        "keep=best",
                                        "checkpoint_every=1",
                                        "keep_every=1",
                                        "optimiser.learning_rate=0.5",
                                        "schedule.min_factor=1",
                                        "steps=8"};
    train(config<TrainConfig>(wild), run("whole"), [] {});
    const auto steps = validated("whole");
    ASSERT_EQ(steps.size(), 8U);
    auto best = steps.front();
    for (const auto& step : steps) {
        if (step.values.at("validation.miou_common") > best.values.at("validation.miou_common")) {
            best = step;
        }
    }
    ASSERT_LT(best.step, 8) << "choose other settings for this test";
    const auto checkpoint = fmt::format("checkpoints/step-{:08}/model.safetensors", best.step);
    EXPECT_EQ(result("whole"), tensors_of(run("whole") / checkpoint));

    train(config<TrainConfig>(wild), run("broken"), [] {});
    fs::remove(run("broken") / "model.safetensors");
    for (const int step : {4, 5, 6, 7}) {
        fs::remove_all(run("broken") / fmt::format("checkpoints/step-{:08}", step));
    }
    train(config<TrainConfig>(wild), run("broken"), [] {});
    EXPECT_EQ(result("broken"), result("whole"));
    EXPECT_EQ(test::read_bytes(run("broken") / "metrics.jsonl"),
              test::read_bytes(run("whole") / "metrics.jsonl"));
}

TEST_F(Validations, LabelsOfATargetAreRefused) {
    auto held = config<TrainConfig>({held_out()});
    held.setting = "city-b32-to-a64";  // whose target these scans are of
    const auto error =
        test::error_of([&] { Validation(held, datasets::labelling_of(held.setting, "source")); });
    EXPECT_NE(error.find("data: is of the target of city-b32-to-a64"), std::string::npos) << error;
    EXPECT_NE(error.find("must not choose a model"), std::string::npos) << error;
}

}  // namespace
}  // namespace distillar::training
