#include "training/config.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "support/data.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

const std::string minimal = R"(distillar-config: 1
setting: pandaset-to-kitti8
data:
  train:
    - {format: pandaset, path: /data/pandaset, sequences: ["002"], sensor: pandar64, frames: "0:80:5"}
)";

class Config : public testing::Test {
protected:
    template <typename Config = TrainConfig>
    Config load(const std::string& text, const std::vector<std::string>& overrides = {}) {
        return load_config<Config>(test::write_bytes(folder_ / "config.yaml", text), overrides);
    }
    template <typename Config = TrainConfig>
    std::string error(const std::string& text, const std::vector<std::string>& overrides = {}) {
        return test::error_of([&] { load<Config>(text, overrides); });
    }
    /// Without what pretrain has no use for.
    static std::string for_pretrain() {
        return "distillar-config: 1\n" + minimal.substr(minimal.find("data:"));
    }

    test::TemporaryFolder folder_;
};

TEST_F(Config, PublishedValuesAreTheDefaults) {
    const auto train = load(minimal);
    EXPECT_EQ(train.model.backbone.channels, 768);
    EXPECT_EQ(train.model.head.kind, "bn_linear");
    EXPECT_EQ(train.drop_path, 0.2);
    EXPECT_EQ(train.optimiser.layer_decay, 0.99);
    EXPECT_EQ(train.augmentation.order, geometry::Augmentation::Order::downstream);

    const auto pretrain = load<PretrainConfig>(for_pretrain());
    EXPECT_EQ(pretrain.model.head.kind, "linear");
    EXPECT_EQ(pretrain.optimiser.weight_decay, 0.03);
    EXPECT_EQ(pretrain.schedule.warmup_steps, 3500);
    EXPECT_EQ(pretrain.augmentation.order, geometry::Augmentation::Order::distillation);
}

TEST_F(Config, WeightsToComeAreTakenAtTheirDescription) {
    const auto weights = folder_ / "model.safetensors";
    formats::ModelFile model{load(minimal, {"model.backbone.channels=24"}).model, {}};
    model.description.head.outputs = 8;
    const std::vector<std::string> overrides{"weights=" + weights.string(), "model.head.hidden=3"};
    const auto probe = [&](const formats::ModelDescription* to_come) {
        const auto file = test::write_bytes(folder_ / "probe.yaml", minimal);
        return load_config<ProbeConfig>(file, overrides, to_come).resolved;
    };
    EXPECT_NE(test::error_of([&] { probe(nullptr); }).find(weights.string()), std::string::npos);
    const auto foreseen = probe(&model.description);
    EXPECT_NE(foreseen.find("channels: 24"), std::string::npos) << foreseen;
    formats::write_model(weights, model);
    EXPECT_EQ(probe(nullptr), foreseen) << "as it will be read from the file";
    model.description.backbone.channels = 99;
    EXPECT_EQ(probe(&model.description), foreseen) << "a file that is there counts";
}

TEST_F(Config, ASelectionWithoutCamerasStaysSo) {
    auto selection = load(minimal).train.at(0);
    EXPECT_EQ(selection_text(selection).find("cameras"), std::string::npos);
    selection.with_cameras = false;
    const auto again =
        datasets::selection_from(base::Yaml::parse(selection_text(selection), "selection"));
    EXPECT_FALSE(again.with_cameras);
}

TEST_F(Config, TheResolvedTextReadsBackToItself) {
    const TrainConfig config =
        load(minimal, {"model.backbone.channels=64", "model.input.features=[x, y, height, radius]",
                       "model.input.fov=[[-96, -96, -8], [96, 96, 16]]", "steps=12", "seed=5"});
    EXPECT_EQ(config.model.input.grids.at(0).rows, 384);
    EXPECT_EQ(config.model.input.grids.at(1).columns, 48);
    EXPECT_EQ(load(config.resolved).resolved, config.resolved);
    const auto pretrain = load<PretrainConfig>(for_pretrain(), {"views.all_cameras=true"});
    EXPECT_EQ(load<PretrainConfig>(pretrain.resolved).resolved, pretrain.resolved);
}

TEST_F(Config, GridsThatNoSizeOfCellsGivesAreWrittenOut) {
    const std::string fov = "model.input.fov=[[0, 0, 0], [100, 33.2, 8]]";
    const TrainConfig config = load(minimal, {fov, "model.input.cell=0.7"});
    EXPECT_EQ(config.model.input.grids.at(0), (geometry::PlaneGrid{2, 143, 47}));
    EXPECT_EQ(load(config.resolved).model.input.grids, config.model.input.grids);
    const TrainConfig own =
        load(minimal, {fov, "model.input.grids=[{drop: 1, rows: 9, columns: 4}]"});
    EXPECT_EQ(own.model.input.grids, (std::vector<geometry::PlaneGrid>{{1, 9, 4}}));
    EXPECT_EQ(load(own.resolved).resolved, own.resolved);
}

TEST_F(Config, OddNamesReadBackAsTheyWere) {
    const std::string odd = "a\n\t\"\\\x7f: é";
    TrainConfig config = load(minimal);
    config.train.at(0).path = odd;
    EXPECT_EQ(load(resolved_text(config)).train.at(0).path, odd);
}

TEST_F(Config, ActivationsAreStoredUnlessAskedOtherwise) {
    EXPECT_EQ(load(minimal).activations, Activations::stored);
    const TrainConfig recomputed = load(minimal, {"activations=recomputed"});
    EXPECT_EQ(load(recomputed.resolved).activations, Activations::recomputed);
    EXPECT_NE(error(minimal, {"activations=lost"}).find("stored, recomputed"), std::string::npos);
}

TEST_F(Config, TheTeacherComputesInFp32UnlessAskedOtherwise) {
    const auto config =
        load<PretrainConfig>(for_pretrain(), {"teacher.kind=dinov2", "teacher.precision=bf16"});
    EXPECT_EQ(load<PretrainConfig>(config.resolved).teacher.precision, models::Precision::bf16);
    EXPECT_NE(
        error<PretrainConfig>(for_pretrain(), {"teacher.kind=espnetv2", "teacher.precision=bf16"})
            .find("must be fp32"),
        std::string::npos);
}

TEST_F(Config, OverridesReachNestedKeys) {
    const TrainConfig config = load(minimal, {"optimiser.learning_rate=0.5", "batch=3"});
    EXPECT_EQ(config.optimiser.learning_rate, 0.5);
    EXPECT_EQ(config.batch, 3);
    EXPECT_NE(error(minimal, {"batch"}).find("KEY=VALUE"), std::string::npos);
}

TEST_F(Config, UnknownKeysNameTheNearest) {
    EXPECT_NE(error(minimal + "optimizer: {}\n").find("did you mean 'optimiser'"),
              std::string::npos);
    EXPECT_NE(error(minimal + "optimiser: {learning_rat: 1}\n").find("'learning_rate'"),
              std::string::npos);
    EXPECT_NE(error(minimal, {"model.backbone.chanels=3"}).find("'channels'"), std::string::npos);
}

TEST_F(Config, ValuesOutOfRangeAreRefusedWithTheirPlace) {
    const std::string message = error(minimal + "batch: 0\n");
    EXPECT_NE(message.find("line 6: batch"), std::string::npos) << message;
    EXPECT_NE(error(minimal + "optimiser: {learning_rate: -1}\n").find("above 0"),
              std::string::npos);
    EXPECT_NE(error(minimal + "schedule: {kind: step}\n").find("warmup_cosine"), std::string::npos);
    EXPECT_NE(error(minimal + "steps: many\n").find("whole number"), std::string::npos);
    for (const std::string key :
         {"optimiser.learning_rate=.inf", "optimiser.weight_decay=.nan",
          "optimiser.backbone_scale=-1", "schedule.warmup_epochs=.nan", "schedule.min_factor=2",
          "schedule.cooldown_epochs=-1", "schedule.timescale_epochs=0", "model.input.voxel=.inf",
          "model.input.cell=1e-9", "model.input.cell=.inf", "model.input.grids=[]",
          "model.input.grids=[{drop: 0, rows: 5, columns: 16385}]",
          "model.input.fov=[[0, 0, 0], [.inf, 1, 1]]"}) {
        const std::string text = error(minimal, {key});
        const auto name = key.substr(key.rfind('.', key.find('=')) + 1);
        EXPECT_NE(text.find(name.substr(0, name.find('='))), std::string::npos)
            << key << ": " << text;
    }
}

TEST_F(Config, WhatAStageNeedsIsAskedFor) {
    EXPECT_NE(error<ProbeConfig>(minimal).find("weights: FILE"), std::string::npos);
    EXPECT_NE(error<AdaptRunConfig>(minimal).find("weights: FILE"), std::string::npos);
    EXPECT_NE(error("distillar-config: 1\ndata: {train: [{path: /x}]}\n").find("setting: NAME"),
              std::string::npos);
    EXPECT_NE(error("distillar-config: 2\ndata: {train: []}\n").find("schema 2"),
              std::string::npos);
    EXPECT_NE(error("setting: a\n").find("'distillar-config' is missing"), std::string::npos);
    EXPECT_NE(error(minimal + "weights: /nowhere.safetensors\n").find("/nowhere.safetensors"),
              std::string::npos);
}

TEST_F(Config, AKeyThatAStageHasNoUseForNamesTheStageThatHas) {
    const auto expect = [](const std::string& text, const std::string& key,
                           const std::string& stages) {
        EXPECT_NE(text.find(key + ": is no key of"), std::string::npos) << text;
        EXPECT_NE(text.find("it is one of " + stages + ": leave it out"), std::string::npos)
            << text;
    };
    expect(error(minimal + "adapt: {confidence: 0.5}\n"), "adapt", "adapt");
    expect(error(minimal + "fuse: {hidden: 8}\n"), "fuse", "fuse");
    expect(error(minimal + "cache: {points: 1}\n"), "cache", "probe, adapt");
    expect(error(minimal + "views: {all_cameras: true}\n"), "views", "pretrain");
    expect(error(minimal + "teacher: {kind: dinov2}\n"), "teacher", "pretrain, fuse");
    expect(error(minimal, {"data.target=[{path: /x}]"}), "data.target", "adapt");
    expect(error<PretrainConfig>(minimal), "setting", "probe, train, adapt, fuse");
    const std::string target = error<AdaptRunConfig>(
        minimal + "weights: w\n", {"data.validation=[{path: /x}]", "data.target=[{path: /x}]"});
    EXPECT_NE(target.find("w: "), std::string::npos) << target;  // looked at first
}

TEST_F(Config, WhatWouldDoNothingIsRefusedUnlessItIsNeutral) {
    formats::ModelDescription weights = load(minimal).model;
    const auto file = test::write_bytes(folder_ / "probe.yaml", minimal);
    const auto load_with = [&](const std::string& key) {
        load_config<ProbeConfig>(file, {"weights=/to/come", key}, &weights);
    };
    const auto expect = [&](const std::string& key, const std::string& words) {
        const auto error = test::error_of([&] { load_with(key); });
        EXPECT_NE(error.find(words), std::string::npos) << error;
    };
    load_with("optimiser.layer_decay=1");
    expect("optimiser.layer_decay=0.9", "has no effect here");
    expect("model.backbone.drop_path=0.1", "the backbone is frozen");
    expect("labelled.share=0.5", "one of train, fuse");
}

TEST_F(Config, AConfigWrittenBeforeAKeyWasKnownSaysTheSame) {
    const auto config = load(minimal);
    std::string before = config.resolved;
    const auto cut = [&](const std::string& key) {
        const auto at = before.find("\n" + key);
        ASSERT_NE(at, std::string::npos) << key;
        before.erase(at, before.find('\n', at + 1) - at);
    };
    cut("validate_every: 0");
    cut("keep: last");
    EXPECT_TRUE(says_the_same(before, config));
    EXPECT_FALSE(says_the_same(before, load(minimal, {"keep_every=2"})));
    EXPECT_FALSE(says_the_same("no: config\n", config));
}

TEST_F(Config, TheBestNeedsAValidationToBeChosenBy) {
    EXPECT_NE(error(minimal, {"keep=best"}).find("best needs data.validation"), std::string::npos);
    const std::string held_out = "data.validation=[{path: /x}]";
    EXPECT_NE(error(minimal, {"keep=best", held_out}).find("validate_every above 0"),
              std::string::npos);
    EXPECT_EQ(load(minimal, {"keep=best", held_out, "validate_every=10"}).keep, Keep::best);
}

/// What a user starts from is a config, and the page in docs/ is the program's own.
TEST_F(Config, TheReferenceIsAConfigAndThePageIsCurrent) {
    for (const auto& name : base::names_of<Stage>()) {
        const auto yaml = base::Yaml::parse(config_reference(*base::enum_from<Stage>(name)), name);
        EXPECT_GT(yaml.keys().size(), 10U);
    }
    EXPECT_NE(config_reference(Stage::train).find("learning_rate: 0.002"), std::string::npos);
    EXPECT_EQ(test::read_bytes(fs::path(DISTILLAR_SOURCE_DIR) / "docs/config.md"), config_page())
        << "write it anew: distillar config > docs/config.md";
}

/// Words of configs are enumerations: nothing asks a member of a config for its spelling.
TEST_F(Config, NoValueOfAConfigIsComparedAsText) {
    const std::regex comparison(
        R"(\b(config|adapt|fuse|schedule|teacher|labelled|augmentation)_?(\.|->)[a-z_.]+ *[!=]= *")");
    for (const char* room : {"training", "study"}) {
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(DISTILLAR_SOURCE_DIR) / "src" / room)) {
            if (entry.is_regular_file()) {
                EXPECT_FALSE(std::regex_search(test::read_bytes(entry.path()), comparison))
                    << entry.path();
            }
        }
    }
}

}  // namespace
}  // namespace distillar::training
