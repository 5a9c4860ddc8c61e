// Every recipe resolves, and those of papers hold the published values (methods.md 2.1 and 3).
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "models/described.hpp"
#include "models/state.hpp"
#include "support/data.hpp"
#include "training/config.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

/// The command that a recipe is for, from the end of its name; "" if that says none.
std::string stage_of(const fs::path& recipe) {
    const std::map<std::string, std::string> ends{
        {"-pretrain", "pretrain"}, {"-probe", "probe"}, {"-fine-tune", "train"}};
    for (const auto& [end, stage] : ends) {
        if (recipe.stem().string().ends_with(end)) {
            return stage;
        }
    }
    return "";
}

class Recipes : public testing::Test {
protected:
    void SetUp() override {
        for (const char* name : {"DISTILLAR_DATA", "DISTILLAR_CACHE", "DINOV2_WEIGHTS"}) {
            setenv(name, "/somewhere", 0);
        }
        formats::ModelFile tiny;  // for recipes that start from weights
        tiny.description.backbone.channels = 8;
        tiny.description.backbone.depth = 3;
        tiny.description.head.kind = "linear";
        tiny.description.head.outputs = 6;
        tiny.tensors = models::state_of(*models::build_network(tiny.description, 0));
        formats::write_model(weights_, tiny);
    }
    static fs::path recipe(const std::string& name) {
        return base::configs_folder() / "recipes" / name;
    }
    test::TemporaryFolder folder_;
    fs::path weights_ = folder_ / "tiny.safetensors";
};

TEST_F(Recipes, EveryOneResolvesAndReadsBack) {
    int recipes = 0;
    for (const auto& entry : fs::directory_iterator(base::configs_folder() / "recipes")) {
        if (stage_of(entry.path()).empty()) {
            continue;  // of a command with a test of its own
        }
        ++recipes;
        const Stage stage = *base::enum_from<Stage>(stage_of(entry.path()));
        std::vector<std::string> overrides;
        if (stage != Stage::pretrain) {
            overrides.push_back("weights=" + weights_.string());
        }
        const auto config = new_run_config(stage), again = new_run_config(stage);
        load_config(*config, entry.path(), overrides);
        load_config(*again, test::write_bytes(folder_ / "again.yaml", config->resolved), {});
        EXPECT_EQ(again->resolved, config->resolved) << entry.path();
    }
    EXPECT_GE(recipes, 5);
}

/// What ScaLR and ScaLR+ share.
void expect_published(const PretrainConfig& config) {
    const auto& backbone = config.model.backbone;
    EXPECT_EQ(backbone.channels, 768);
    EXPECT_EQ(backbone.depth, 48);
    EXPECT_EQ(backbone.norm, "layernorm");
    const auto& input = config.model.input;
    EXPECT_EQ(input.features, (std::vector<std::string>{"intensity", "x", "y", "z", "radius"}));
    EXPECT_FLOAT_EQ(static_cast<float>(input.voxel), 0.1F);
    EXPECT_EQ(input.neighbors, 16);
    EXPECT_EQ(input.fov.min[0], -64);
    EXPECT_EQ(input.fov.max[2], 8);
    EXPECT_EQ(input.grids.at(0).rows, 256);
    EXPECT_EQ(input.grids.at(1).columns, 32);
    EXPECT_EQ(config.teacher.kind, TeacherConfig::Kind::dinov2);
    EXPECT_TRUE(config.teacher.pre_norm);
    EXPECT_EQ(config.teacher.pca, 0);
    EXPECT_FALSE(config.views.all_cameras);
    EXPECT_FALSE(config.views.unseen_points);
    EXPECT_EQ(config.train.size(), 4U);
    for (const auto& selection : config.train) {
        EXPECT_EQ(selection.weight, 1) << "uniform over samples";
        EXPECT_EQ(selection.split, "train");
        EXPECT_FALSE(selection.labels);
    }
    EXPECT_EQ(config.batch, 8);
    EXPECT_EQ(config.steps, 0);
    EXPECT_DOUBLE_EQ(config.optimiser.learning_rate, 2e-3);
    EXPECT_DOUBLE_EQ(config.optimiser.weight_decay, 0.03);
    EXPECT_EQ(config.augmentation.max_points, 20000);
    EXPECT_DOUBLE_EQ(config.augmentation.flip_probability, 2.0 / 3);
    EXPECT_DOUBLE_EQ(config.augmentation.scale, 0.1);
    EXPECT_TRUE(config.augmentation.rotate);
    EXPECT_EQ(config.augmentation.tilt, 0);
    EXPECT_EQ(config.augmentation.height_jitter, 0);
}

TEST_F(Recipes, ScalrIsAsPublished) {
    const auto config = load_config<PretrainConfig>(recipe("scalr-pretrain.yaml"), {});
    expect_published(config);
    EXPECT_EQ(config.model.backbone.activation, "relu");
    EXPECT_EQ(config.drop_path, 0);
    EXPECT_EQ(config.model.head.kind, "linear");
    EXPECT_EQ(config.teacher.height, 224);
    EXPECT_EQ(config.teacher.width, 448);
    EXPECT_EQ(config.epochs, 25);
    EXPECT_EQ(config.schedule.kind, ScheduleConfig::Kind::warmup_cosine);
    EXPECT_EQ(config.schedule.warmup_steps, 3500);
    EXPECT_DOUBLE_EQ(config.schedule.min_factor * config.optimiser.learning_rate, 1e-5);
}

TEST_F(Recipes, ScalrPlusIsAsPublished) {
    const auto config = load_config<PretrainConfig>(recipe("scalr-plus-pretrain.yaml"), {});
    expect_published(config);
    EXPECT_EQ(config.model.backbone.activation, "gelu");
    EXPECT_DOUBLE_EQ(config.drop_path, 0.2);
    EXPECT_EQ(config.model.head.kind, "mlp");
    EXPECT_EQ(config.model.head.hidden, 2048);
    EXPECT_EQ(config.teacher.height, 448);
    EXPECT_EQ(config.teacher.width, 896);
    EXPECT_EQ(config.epochs, 65);
    EXPECT_EQ(config.schedule.kind, ScheduleConfig::Kind::warmup_rsqrt_cooldown);
    EXPECT_EQ(config.schedule.warmup_steps, -1);
    EXPECT_EQ(config.schedule.warmup_epochs, 1);
    EXPECT_EQ(config.schedule.cooldown_epochs, 2);
    EXPECT_DOUBLE_EQ(config.schedule.timescale_epochs, 0.45);
}

}  // namespace
}  // namespace distillar::training
