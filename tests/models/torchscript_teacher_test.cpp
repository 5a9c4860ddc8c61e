#include "models/torchscript_teacher.hpp"

#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include "support/data.hpp"

namespace distillar::models {
namespace {

class TorchScript : public testing::Test {
protected:
    void SetUp() override {
        formats::Image image{32, 16, {}};
        for (int i = 0; i < 32 * 16 * 3; ++i) {
            image.rgb.push_back(static_cast<std::uint8_t>(i * 11 % 256));
        }
        formats::write_png(folder_ / "i.png", image);
        image_ = image_tensor(image, 16, 32);
    }
    /// A module with this forward(self, x).
    std::filesystem::path module(const std::string& name, const std::string& body) {
        torch::jit::Module made(name);
        made.register_parameter("scale", torch::full({1}, 2.0), false);
        made.define("def forward(self, x):\n    " + body + "\n");
        const auto file = folder_ / (name + ".pt");
        made.save(file.string());
        return file;
    }
    std::string error(const std::filesystem::path& file) {
        return test::error_of([&] { open_torchscript(file, options_, torch::kCPU); });
    }

    test::TemporaryFolder folder_;
    TorchScriptOptions options_{16, 32, false, CellGeometry::centres};
    torch::Tensor image_;
};

TEST_F(TorchScript, FeatureMapsBecomeGrids) {
    const auto file = module("pooled", "return self.scale * torch.avg_pool2d(x, [4, 4])");
    const auto teacher = open_torchscript(file, options_, torch::kCPU);
    EXPECT_EQ(teacher->name(), "torchscript pooled 16x32 raw centres");
    EXPECT_EQ(teacher->channels(), 3);
    EXPECT_EQ(teacher->cells(), 4 * 8);
    EXPECT_EQ(teacher->fingerprint().size(), 32U);
    const auto grid = teacher->features(folder_ / "i.png");
    const auto expected = 2 * at::avg_pool2d(image_, {4, 4})[0].permute({1, 2, 0});
    EXPECT_LT((grid.values - expected).abs().max().item<double>(), 1e-6);
    EXPECT_EQ(grid.image_width, 32);
    EXPECT_EQ(grid.image_height, 16);
    EXPECT_EQ(grid.geometry, CellGeometry::centres);
    EXPECT_TRUE(grid.values.is_contiguous());
}

TEST_F(TorchScript, PatchTokensBecomeTheSameGrid) {
    const auto maps = open_torchscript(module("maps", "return torch.avg_pool2d(x, [4, 4])"),
                                       options_, torch::kCPU);
    const auto tokens = open_torchscript(
        module("tokens", "return torch.avg_pool2d(x, [4, 4]).flatten(2).transpose(1, 2)"), options_,
        torch::kCPU);
    EXPECT_TRUE(torch::equal(maps->features(folder_ / "i.png").values,
                             tokens->features(folder_ / "i.png").values));
}

TEST_F(TorchScript, InputIsNormalisedAsAskedFor) {
    options_.imagenet = true;
    options_.geometry = CellGeometry::corners;
    const auto teacher = open_torchscript(module("same", "return x * 1"), options_, torch::kCPU);
    EXPECT_EQ(teacher->name(), "torchscript same 16x32 imagenet corners");
    const auto grid = teacher->features(folder_ / "i.png");
    EXPECT_TRUE(torch::equal(grid.values.permute({2, 0, 1}), normalised_as_imagenet(image_)[0]));
    EXPECT_EQ(grid.geometry, CellGeometry::corners);
    EXPECT_EQ(grid.input_width, 32);
}

TEST_F(TorchScript, WhatDoesNotFitIsSaidInOneLine) {
    const auto has = [&](const std::string& text, const std::string& part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
        EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    };
    has(error(test::write_bytes(folder_ / "no.pt", "nothing of the kind")), "no.pt: is no Torch");
    has(error(module("pair", "return (x, x)")), "pair.pt: answers with a Tuple");
    has(error(module("flat", "return x.mean()")), "with shape []");
    has(error(
            module("odd", "return torch.avg_pool2d(x, [4, 4]).flatten(2).transpose(1, 2)[:, 1:]")),
        "with shape [1, 31, 3]");
    has(error(module("fails", "return x.view([1, 7])")), "fails.pt: fails on an image of 16 x 32");
}

}  // namespace
}  // namespace distillar::models
