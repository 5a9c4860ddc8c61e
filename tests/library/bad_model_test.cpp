// Model files that are no models, through both interfaces.
#include <limits>

#include "formats/safetensors.hpp"
#include "library/made_scan.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

using test::Answer;
using test::load_both;

class BadModel : public testing::Test {
protected:
    void expect_refused(const std::filesystem::path& file, const std::string& part) {
        const Answer answer = load_both(file);
        EXPECT_EQ(answer.status, DISTILLAR_BAD_MODEL) << answer.message;
        EXPECT_NE(answer.message.find(part), std::string::npos) << answer.message;
        EXPECT_NE(answer.message.find(file.string()), std::string::npos) << answer.message;
    }

    /// The made model after a change.
    template <typename Change>
    void expect_changed_refused(const Change& change, const std::string& part) {
        auto model = test::made_model();
        change(model);
        const auto file = folder_ / "changed.safetensors";
        formats::write_model(file, model);
        expect_refused(file, part);
    }

    test::TemporaryFolder folder_;
};

TEST_F(BadModel, CutAnywhere) {
    const std::string bytes = test::read_bytes(test::write_made_model(folder_.path()));
    std::vector<std::size_t> lengths{0, 1, 7, 8, 9, 100, bytes.size() - 1, bytes.size() - 4};
    for (std::size_t at = 13; at < bytes.size(); at += bytes.size() / 150) {
        lengths.push_back(at);
    }
    for (const std::size_t length : lengths) {
        const auto file = test::write_bytes(folder_ / "cut.safetensors", bytes.substr(0, length));
        EXPECT_EQ(load_both(file).status, DISTILLAR_BAD_MODEL) << length;
    }
    test::write_bytes(folder_ / "cut.safetensors", bytes);
    EXPECT_EQ(load_both(folder_ / "cut.safetensors").status, DISTILLAR_OK);
}

TEST_F(BadModel, BytesChangedAnywhereOfTheHeader) {
    const std::string bytes = test::read_bytes(test::write_made_model(folder_.path()));
    for (std::size_t at = 0; at < std::min<std::size_t>(bytes.size(), 6000); at += 23) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x15);
        const auto answer = load_both(test::write_bytes(folder_ / "c.safetensors", changed));
        EXPECT_TRUE(answer.status == DISTILLAR_OK || answer.status == DISTILLAR_BAD_MODEL)
            << answer.message;
    }
}

TEST_F(BadModel, NotThereOrNotDescribed) {
    expect_refused(folder_ / "nowhere.safetensors", "");
    expect_refused(folder_.path(), "");
    const auto bare = folder_ / "bare.safetensors";
    formats::write_safetensors(bare, test::made_model().tensors);
    expect_refused(bare, "distillar convert");
}

TEST_F(BadModel, ABackboneWithoutClasses) {
    expect_changed_refused([](auto& model) { model.description.classes.clear(); },
                           "distillar probe");
}

TEST_F(BadModel, WeightsThatDoNotFit) {
    expect_changed_refused([](auto& model) { model.tensors.erase("embed.conv1.bias"); },
                           "missing embed.conv1.bias");
    expect_changed_refused([](auto& model) { model.description.backbone.depth = 5; },
                           "missing waffleiron.spatial_mix.4.norm.weight");
    expect_changed_refused([](auto& model) { model.description.backbone.channels = 25; },
                           "mis-shaped");
    expect_changed_refused([](auto& model) { model.description.backbone.norm = "batchnorm"; },
                           "running_mean");
    expect_changed_refused(
        [](auto& model) {
            model.description.head.kind = "bn_linear";
            model.description.head.hidden = 0;
        },
        "extra classif.3.bias");
    expect_changed_refused([](auto& model) { model.description.input.features.pop_back(); },
                           "embed.norm.weight is [5], needs [4]");
    expect_changed_refused(
        [](auto& model) {
            const std::vector<std::int64_t> zeros(24);
            model.tensors["embed.conv1.bias"] = formats::make_tensor(zeros, {24});
        },
        "embed.conv1.bias is I64, needs floats");
}

TEST_F(BadModel, WeightsThatAreNoNumbers) {
    const auto with_nan = [](const std::string& name) {
        return [name](auto& model) {
            auto values = formats::to_floats(model.tensors.at(name), name);
            values.back() = std::numeric_limits<float>::quiet_NaN();
            model.tensors[name] = formats::make_tensor(values, model.tensors.at(name).shape);
        };
    };
    expect_changed_refused(with_nan("classif.3.weight"), "not finite");
    expect_changed_refused(with_nan("waffleiron.spatial_mix.2.ffn.2.weight"),
                           "waffleiron.spatial_mix.2 are not finite");
    expect_changed_refused(
        [](auto& model) {
            const std::vector<float> negative(5, -1.0F);
            model.tensors["embed.norm.running_var"] = formats::make_tensor(negative, {5});
        },
        "running variance");
}

}  // namespace
}  // namespace distillar
