#include "training/config.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::training {
namespace {

const std::string minimal = R"(distillar-config: 1
setting: pandaset-to-kitti8
data:
  train:
    - {format: pandaset, path: /data/pandaset, sequences: ["002"], sensor: pandar64, frames: "0:80:5"}
)";

class ConfigTest : public testing::Test {
protected:
    RunConfig load(const std::string& text, const std::string& stage = "train",
                   const std::vector<std::string>& overrides = {}) {
        return load_config(test::write_bytes(folder_ / "config.yaml", text), stage, overrides);
    }
    std::string error(const std::string& text, const std::string& stage = "train",
                      const std::vector<std::string>& overrides = {}) {
        return test::error_of([&] { load(text, stage, overrides); });
    }

    test::TemporaryFolder folder_;
};

TEST_F(ConfigTest, published_values_are_the_defaults) {
    const RunConfig train = load(minimal);
    EXPECT_EQ(train.model.backbone.channels, 768);
    EXPECT_EQ(train.model.backbone.depth, 48);
    EXPECT_EQ(train.model.backbone.norm, "layernorm");
    EXPECT_EQ(train.model.head.kind, "bn_linear");
    EXPECT_EQ(train.drop_path, 0.2);
    EXPECT_EQ(train.optimiser.learning_rate, 2e-3);
    EXPECT_EQ(train.optimiser.layer_decay, 0.99);
    EXPECT_EQ(train.optimiser.weight_decay, 0);
    EXPECT_EQ(train.augmentation.order, geometry::Augmentation::Order::downstream);
    EXPECT_EQ(train.augmentation.max_points, 20000);
    EXPECT_EQ(train.batch, 8);

    const RunConfig pretrain = load(minimal, "pretrain");
    EXPECT_EQ(pretrain.model.head.kind, "linear");
    EXPECT_EQ(pretrain.optimiser.learning_rate, 2e-3);
    EXPECT_EQ(pretrain.optimiser.weight_decay, 0.03);
    EXPECT_EQ(pretrain.schedule.warmup_steps, 3500);
    EXPECT_EQ(pretrain.epochs, 25);
    EXPECT_EQ(pretrain.augmentation.order, geometry::Augmentation::Order::distillation);
    EXPECT_FALSE(pretrain.views.all_cameras);
}

TEST_F(ConfigTest, published_and_documented_values_of_adaptation) {
    // A config of adapt needs a model file: AdaptTest reads whole ones.
    const AdaptConfig adapt;
    EXPECT_EQ(adapt.method, "self_training");
    EXPECT_EQ(adapt.ema, 0.99);
    EXPECT_EQ(adapt.ema_every, 1);
    EXPECT_EQ(adapt.confidence, 0.9);
    EXPECT_EQ(adapt.class_thresholds.share, 0.8);
    EXPECT_EQ(adapt.class_thresholds.floor, 0.2);
    EXPECT_EQ(adapt.class_thresholds.momentum, 0.9);
    EXPECT_EQ(adapt.source_weight, adapt.target_weight);
    EXPECT_EQ(adapt.entropy_weight, 0);
    EXPECT_EQ(adapt.select, "last");
}

TEST_F(ConfigTest, weights_to_come_are_taken_at_their_description) {
    const auto weights = folder_ / "model.safetensors";
    formats::ModelFile model{load(minimal, "train", {"model.backbone.channels=24"}).model, {}};
    model.description.head.outputs = 8;
    const std::vector<std::string> overrides{"weights=" + weights.string(), "model.head.hidden=3"};
    const auto probe = [&](const formats::ModelDescription* to_come) {
        const auto file = test::write_bytes(folder_ / "probe.yaml", minimal);
        return load_config(file, "probe", overrides, to_come).resolved;
    };
    EXPECT_NE(test::error_of([&] { probe(nullptr); }).find(weights.string()), std::string::npos);
    const auto foreseen = probe(&model.description);
    EXPECT_NE(foreseen.find("channels: 24"), std::string::npos) << foreseen;
    formats::write_model(weights, model);
    EXPECT_EQ(probe(nullptr), foreseen) << "as it will be read from the file";
    model.description.backbone.channels = 99;
    EXPECT_EQ(probe(&model.description), foreseen) << "a file that is there counts";
}

TEST_F(ConfigTest, a_selection_without_cameras_stays_so) {
    auto selection = load(minimal).train.at(0);
    EXPECT_EQ(selection_text(selection).find("cameras"), std::string::npos);
    selection.with_cameras = false;
    const auto again =
        datasets::selection_from(base::Yaml::parse(selection_text(selection), "selection"));
    EXPECT_FALSE(again.with_cameras);
}

TEST_F(ConfigTest, the_resolved_text_reads_back_to_itself) {
    const RunConfig config =
        load(minimal, "train",
             {"model.backbone.channels=64", "model.input.features=[x, y, height, radius]",
              "model.input.fov=[[-96, -96, -8], [96, 96, 16]]", "steps=12", "seed=5"});
    EXPECT_EQ(config.model.input.grids.at(0).rows, 384);
    EXPECT_EQ(config.model.input.grids.at(1).columns, 48);
    EXPECT_EQ(load(config.resolved).resolved, config.resolved);
    const RunConfig pretrain = load(minimal, "pretrain", {"views.all_cameras=true"});
    EXPECT_EQ(load(pretrain.resolved, "pretrain").resolved, pretrain.resolved);
}

TEST_F(ConfigTest, grids_that_no_size_of_cells_gives_are_written_out) {
    const std::string fov = "model.input.fov=[[0, 0, 0], [100, 33.2, 8]]";
    const RunConfig config = load(minimal, "train", {fov, "model.input.cell=0.7"});
    EXPECT_EQ(config.model.input.grids.at(0), (geometry::PlaneGrid{2, 143, 47}));
    EXPECT_EQ(load(config.resolved).model.input.grids, config.model.input.grids);
    const RunConfig own = load(minimal, "train",
                               {fov,
                                "model.input.grids=[{drop: 1, rows: 9, "
                                "columns: 4}]"});
    EXPECT_EQ(own.model.input.grids, (std::vector<geometry::PlaneGrid>{{1, 9, 4}}));
    EXPECT_EQ(load(own.resolved).resolved, own.resolved);
}

TEST_F(ConfigTest, odd_names_read_back_as_they_were) {
    const std::string odd = "a\n\t\"\\\x7f: é";
    RunConfig config = load(minimal);
    config.train.at(0).path = odd;
    EXPECT_EQ(load(resolved_text(config)).train.at(0).path, odd);
}

TEST_F(ConfigTest, activations_are_stored_unless_asked_otherwise) {
    const RunConfig stored = load(minimal, "train", {"activations=stored"});
    EXPECT_EQ(stored.resolved, load(minimal).resolved) << "as before the key was known";
    const RunConfig recomputed = load(minimal, "train", {"activations=recomputed"});
    EXPECT_EQ(load(recomputed.resolved).activations, "recomputed");
    EXPECT_NE(error(minimal, "train", {"activations=lost"}).find("stored, recomputed"),
              std::string::npos);
}

TEST_F(ConfigTest, the_teacher_computes_in_fp32_unless_asked_otherwise) {
    EXPECT_EQ(load(minimal, "pretrain").resolved.find("precision"), std::string::npos);
    const RunConfig config =
        load(minimal, "pretrain", {"teacher.kind=dinov2", "teacher.precision=bf16"});
    EXPECT_EQ(load(config.resolved, "pretrain").teacher.precision, "bf16");
    EXPECT_NE(error(minimal, "pretrain", {"teacher.kind=espnetv2", "teacher.precision=bf16"})
                  .find("must be fp32"),
              std::string::npos);
}

TEST_F(ConfigTest, overrides_reach_nested_keys) {
    const RunConfig config = load(minimal, "train", {"optimiser.learning_rate=0.5", "batch=3"});
    EXPECT_EQ(config.optimiser.learning_rate, 0.5);
    EXPECT_EQ(config.batch, 3);
    EXPECT_NE(error(minimal, "train", {"batch"}).find("KEY=VALUE"), std::string::npos);
}

TEST_F(ConfigTest, unknown_keys_name_the_nearest) {
    EXPECT_NE(error(minimal + "optimizer: {}\n").find("did you mean 'optimiser'"),
              std::string::npos);
    EXPECT_NE(error(minimal + "optimiser: {learning_rat: 1}\n").find("'learning_rate'"),
              std::string::npos);
    EXPECT_NE(error(minimal, "train", {"model.backbone.chanels=3"}).find("'channels'"),
              std::string::npos);
}

TEST_F(ConfigTest, values_out_of_range_are_refused_with_their_place) {
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
        const std::string text = error(minimal, "train", {key});
        const auto name = key.substr(key.rfind('.', key.find('=')) + 1);
        EXPECT_NE(text.find(name.substr(0, name.find('='))), std::string::npos)
            << key << ": " << text;
    }
}

TEST_F(ConfigTest, what_a_stage_needs_is_asked_for) {
    EXPECT_NE(error(minimal, "probe").find("weights: FILE"), std::string::npos);
    EXPECT_NE(error(minimal, "adapt").find("weights: FILE"), std::string::npos);
    EXPECT_NE(error("distillar-config: 1\ndata: {train: [{path: /x}]}\n").find("setting: NAME"),
              std::string::npos);
    EXPECT_NE(error("distillar-config: 2\ndata: {train: []}\n").find("schema 2"),
              std::string::npos);
    EXPECT_NE(error("setting: a\n").find("'distillar-config' is missing"), std::string::npos);
    EXPECT_NE(error(minimal + "weights: /nowhere.safetensors\n").find("/nowhere.safetensors"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::training
