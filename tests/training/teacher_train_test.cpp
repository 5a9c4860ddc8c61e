// `distillar teacher train` end to end on tiny images made here: both objectives learn, a stopped
// run ends with the same bits, and the weights open as a teacher.
#include "training/stages.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "formats/image.hpp"
#include "formats/safetensors.hpp"
#include "support/data.hpp"
#include "training/teacher_train/objective.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

constexpr int width = 48;
constexpr int height = 24;

/// Blue sky over a grey road, and a red car somewhere on it.
void write_scene(const fs::path& root, int index) {
    base::Random random(5, 0, static_cast<std::uint64_t>(index));
    const int horizon = 8 + static_cast<int>(random.below(6));
    const int car = static_cast<int>(random.below(width - 12));
    formats::Image image{width, height, {}};
    formats::GrayImage classes{width, height, {}};
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            const bool sky = row < horizon;
            const bool on_car =
                row >= horizon && row < horizon + 6 && column >= car && column < car + 12;
            const int noise = static_cast<int>(random.below(20));
            const std::array<int, 3> color = sky      ? std::array{90, 140, 220}
                                             : on_car ? std::array{200, 40, 40}
                                                      : std::array{110, 110, 110};
            for (const int value : color) {
                image.rgb.push_back(static_cast<std::uint8_t>(value + noise));
            }
            classes.values.push_back(static_cast<std::uint8_t>(sky ? 1 : on_car ? 10 : 40));
        }
    }
    const std::string name = fmt::format("{:06}.png", index);
    formats::write_png(root / "image_2" / name, image);
    formats::write_png(root / "extras/classes/image_2" / name, classes);
}

class TeacherTrain : public testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < 5; ++i) {
            write_scene(folder_ / "data/sequences/00", i);
        }
    }

    TeacherTrainConfig config(const std::vector<std::string>& overrides = {}) {
        const std::string text =
            "distillar-config: 1\n"
            "network: {dim: 16, depth: 2, heads: 2, patch: 6, positions: 4, height: 24, width: "
            "48}\n"
            "supervised: {cells: 2}\nmasked: {decoder_dim: 16, decoder_depth: 1}\n"
            "steps: 12\nbatch: 2\nlearning_rate: 0.005\nwarmup_steps: 2\n"
            "log_every: 1\ncheckpoint_every: 5\n";
        return load_teacher_train_config(test::write_bytes(folder_ / "config.yaml", text),
                                         overrides, {(folder_ / "data").string()});
    }

    fs::path run(const std::string& name) { return folder_ / ("runs/" + name); }

    std::string error(const std::vector<std::string>& overrides) {
        return test::error_of(
            [&] { train_teacher(config(overrides), run("bad"), [&] { started_ = true; }); });
    }

    test::TemporaryFolder folder_;
    bool started_ = false;
};

/// Mean of the last five losses over that of the first five.
double loss_ratio(const fs::path& metrics) {
    std::vector<double> losses;
    const std::string text = test::read_bytes(metrics);
    for (std::size_t at = text.find("\"loss\":"); at != std::string::npos;
         at = text.find("\"loss\":", at + 1)) {
        losses.push_back(std::stod(text.substr(at + 7)));
    }
    EXPECT_GE(losses.size(), 10U);
    double first = 0, last = 0;
    for (std::size_t i = 0; i < 5; ++i) {
        first += losses[i];
        last += losses[losses.size() - 1 - i];
    }
    return last / first;
}

TEST_F(TeacherTrain, BothObjectivesLearn) {
    for (const auto& [objective, ratio] : {std::pair{"supervised", 0.4}, {"masked", 0.85}}) {
        train_teacher(config({fmt::format("objective={}", objective), "steps=60"}), run(objective),
                      [&] { started_ = true; });
        EXPECT_TRUE(started_);
        EXPECT_LT(loss_ratio(run(objective) / "metrics.jsonl"), ratio) << objective;
    }
}

TEST_F(TeacherTrain, TheWeightsAreATeacher) {
    train_teacher(config(), run("whole"), [] {});
    const fs::path weights = run("whole") / "model.safetensors";
    const auto stored = formats::read_safetensors(weights);
    EXPECT_EQ(stored.metadata.at("heads"), "2");
    EXPECT_EQ(stored.metadata.at("objective"), "supervised");
    EXPECT_EQ(stored.tensors.at("pos_embed").dtype, formats::Dtype::f16);
    EXPECT_FALSE(stored.tensors.contains("head.weight"));
    const auto teacher = models::open_dinov2(weights, 24, 48);  // heads: from the file
    EXPECT_EQ(teacher->channels(), 16);
    const auto grid = teacher->features(folder_ / "data/sequences/00/image_2/000000.png");
    EXPECT_EQ(grid.values.sizes(), (std::vector<std::int64_t>{4, 8, 16}));
    EXPECT_GT(grid.values.std().item<double>(), 0);
}

TEST_F(TeacherTrain, AnInterruptedRunEndsWithTheSameBits) {
    for (const std::string objective : {"supervised", "masked"}) {
        const auto whole = run(objective + "-whole");
        const auto broken = run(objective + "-broken");
        train_teacher(config({"objective=" + objective}), whole, [] {});
        train_teacher(config({"objective=" + objective}), broken, [] {});
        fs::remove(broken / "model.safetensors");
        ASSERT_TRUE(fs::exists(broken / "checkpoints/step-00000010"));
        train_teacher(config({"objective=" + objective}), broken, [] {});
        for (const char* file : {"model.safetensors", "metrics.jsonl"}) {
            EXPECT_EQ(test::read_bytes(whole / file), test::read_bytes(broken / file)) << file;
        }
    }
}

TEST_F(TeacherTrain, TheSameStepIsTheSameBatch) {
    const auto settings = config();
    const auto images = find_images(settings.data, true);
    const auto first = teacher_batch(settings, images, 3);
    const auto again = teacher_batch(settings, images, 3);
    EXPECT_TRUE(torch::equal(first.images, again.images));
    EXPECT_TRUE(torch::equal(first.classes, again.classes));
    EXPECT_EQ(first.images.sizes(), (std::vector<std::int64_t>{2, 3, 24, 48}));
    EXPECT_EQ(first.classes.sizes(), (std::vector<std::int64_t>{2, 32, 4}));
    EXPECT_FALSE(torch::equal(first.images, teacher_batch(settings, images, 4).images));
}

/// Labels lie where the pixels are: the colour of every part of a patch says its class.
TEST_F(TeacherTrain, LabelsFollowTheirPixels) {
    const auto settings = config({"augmentation.color=0", "batch=5"});
    const auto batch = teacher_batch(settings, find_images(settings.data, true), 0);
    const auto parts = torch::avg_pool2d(batch.images, 3)  // 8 x 16 parts of 3 x 3 pixels
                           .view({5, 3, 4, 2, 8, 2})
                           .permute({0, 2, 4, 3, 5, 1})
                           .reshape({5, 32, 4, 3});
    const auto names = settings.taxonomy.classes;
    const auto index_of = [&](const char* name) {
        return std::distance(names.begin(), std::find(names.begin(), names.end(), name));
    };
    std::int64_t right = 0, all = 0;
    for (const auto& [name, channel] : {std::pair{"sky", 2}, {"car", 0}}) {
        const auto colorful = parts.select(3, channel) - parts.select(3, 1) > 0.15;
        const auto labelled = batch.classes.eq(index_of(name));
        right += colorful.eq(labelled).sum().item<std::int64_t>();
        all += labelled.numel();
    }
    EXPECT_GT(static_cast<double>(right) / static_cast<double>(all), 0.95);
}

TEST_F(TeacherTrain, WeightsOfClassesAverageToOne) {
    const auto settings = config();
    const auto shares = class_frequencies(settings, find_images(settings.data, true));
    double sum = 0;
    for (const double share : shares) {
        sum += share;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_GT(shares[0], 0.3);  // sky
    EXPECT_GT(shares[1], 0.3);  // road
    EXPECT_EQ(shares[2], 0);
}

TEST_F(TeacherTrain, WhatCannotWorkIsSaidBeforeTheStart) {
    const auto says = [&](const std::string& override_, const char* what) {
        const auto message = error({override_});
        EXPECT_NE(message.find(what), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos);
    };
    says("network.heads=3", "dim 16 must be a multiple of 4 and of its heads, 3");
    says("network.width=50", "24 x 50 pixels: both must be multiples of the patch, 6");
    says("network.depth=0", "network.depth: is 0, must be 1 to 64");
    says("network.dim=100000", "network.dim: is 100000, must be 4 to 4096");
    says("supervised.cells=7", "supervised.cells: is 7, must be at most a patch's pixels, 6");
    says("masked.ratio=1", "masked.ratio: is 1, must be 0.05 to 0.95");
    says("masked.decoder_heads=3", "decoder_dim 16");
    says("objective=contrastive", "supervised, masked");
    says("steps=0", "steps: is 0, must be 1 or above");
    says("networks=1", "did you mean");
    says("distillar-config=2", "schema 2");
    says("classes=pixel-clases", "did you mean 'pixel-classes'");
    says("device=tpu", "cpu, cuda");
    const auto elsewhere = [&](const char* name) {
        return test::error_of([&] {
            auto settings = config();
            settings.data = {folder_ / name};
            train_teacher(settings, run("bad"), [&] { started_ = true; });
        });
    };
    EXPECT_NE(elsewhere("nowhere").find("no such folder"), std::string::npos);
    formats::write_png(folder_ / "photos/a.png",
                       formats::Image{4, 2, std::vector<std::uint8_t>(24)});
    EXPECT_NE(elsewhere("photos").find("distillar simulate"), std::string::npos);
    EXPECT_FALSE(started_);
    EXPECT_FALSE(fs::exists(run("bad"))) << "nothing half-written";
}

}  // namespace
}  // namespace distillar::training
