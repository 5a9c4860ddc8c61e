#include "models/dinov2.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "formats/image.hpp"
#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "models/compare.hpp"
#include "models/dinov2_block.hpp"
#include "models/state.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

using test::relative_error;

DinoV2Config tiny() {
    DinoV2Config config;
    config.dim = 32;
    config.depth = 2;
    config.heads = 2;
    config.positions = 5;
    return config;
}

/// Random weights everywhere, so that nothing is tested against zeros.
std::shared_ptr<DinoV2> random_network(const DinoV2Config& config) {
    torch::manual_seed(7);
    auto network = std::make_shared<DinoV2>(config);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : network->parameters()) {
        parameter.normal_(0, 0.2);
    }
    return network;
}

TEST(DinoV2, EqualsThePublishedOnEverySize) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const auto network = load_dinov2(formats::read_pth(reference / "dinov2_tiny.pth"), "tiny", 3);
    EXPECT_EQ(network->config().positions, 10);
    const auto file = formats::read_safetensors(reference / "dinov2_tiny.case.safetensors");
    for (const std::string size : {"0.", "1.", "2."}) {
        const auto at = [&](const char* name) { return to_torch(file.tensors.at(size + name)); };
        const auto image = at("image");
        const auto output = network->forward(image);
        EXPECT_LT(relative_error(output.pre_norm, at("x_pre_norm")), 1e-5) << size;
        EXPECT_LT(relative_error(output.norm, at("x_norm")), 1e-5) << size;

        FeatureGrid grid;
        grid.geometry = CellGeometry::corners;
        grid.image_height = grid.input_height = static_cast<int>(image.size(2));
        grid.image_width = grid.input_width = static_cast<int>(image.size(3));
        grid.values = output.pre_norm[0].slice(0, 1).reshape(
            {image.size(2) / 14, image.size(3) / 14, output.pre_norm.size(2)});
        std::vector<geometry::PointPixel> pixels;
        const auto places = at("pixels");
        for (std::int64_t i = 0; i < places.size(0); ++i) {
            pixels.push_back({0, places[i][0].item<int>(), places[i][1].item<int>(), 0, 0});
        }
        EXPECT_LT(relative_error(sample_features(grid, pixels), at("upsampled_at_pixels")), 1e-5)
            << size;
    }
}

/// Position embedding alone: no block, and patches that are all zero.
torch::Tensor positions_at(DinoV2Config config, int rows, int columns) {
    config.depth = 0;
    auto network = random_network(config);
    const torch::NoGradGuard no_grad;
    for (auto& item : network->named_parameters()) {
        if (item.key().rfind("patch_embed", 0) == 0) {
            item.value().zero_();
        }
    }
    const auto tokens = network->forward(torch::rand({1, 3, rows * 14, columns * 14})).pre_norm;
    return tokens[0].slice(0, 1).reshape({rows, columns, config.dim});
}

double cubic(double x, double a) {
    const double t = std::fabs(x);
    if (t < 1) {
        return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

/// Resampling matrix (out x in) of one axis, by the formula of methods.md 2.3.
torch::Tensor published_matrix(int in, int out) {
    auto matrix = torch::zeros({out, in}, torch::kFloat64);
    for (int i = 0; i < out; ++i) {
        const double source = (i + 0.5) * in / (out + 0.1) - 0.5;
        const int base = static_cast<int>(std::floor(source));
        for (int tap = base - 1; tap <= base + 2; ++tap) {
            matrix[i][std::clamp(tap, 0, in - 1)] += cubic(source - tap, -0.75);
        }
    }
    return matrix;
}

/// The same with antialiasing, as variants with registers have it.
torch::Tensor antialiased_matrix(int in, int out) {
    auto matrix = torch::zeros({out, in}, torch::kFloat64);
    const double scale = static_cast<double>(in) / out;
    const double wide = std::max(scale, 1.0);
    for (int i = 0; i < out; ++i) {
        const double centre = (i + 0.5) * scale;
        for (int tap = 0; tap < in; ++tap) {
            matrix[i][tap] = cubic((tap + 0.5 - centre) / wide, -0.5);
        }
        matrix[i] /= matrix[i].sum();
    }
    return matrix;
}

void check_positions(const DinoV2Config& config, const torch::Tensor& rows,
                     const torch::Tensor& columns) {
    const int side = config.positions;
    const auto stored = positions_at(config, side, side).to(torch::kFloat64);
    const auto expected = torch::einsum("ri,ijd,cj->rcd", {rows, stored, columns});
    const auto actual =
        positions_at(config, static_cast<int>(rows.size(0)), static_cast<int>(columns.size(0)));
    EXPECT_LT(relative_error(actual.to(torch::kFloat64), expected), 1e-5);
}

TEST(DinoV2, PositionsAreResampledAsPublished) {
    check_positions(tiny(), published_matrix(5, 3), published_matrix(5, 8));
    check_positions(tiny(), published_matrix(5, 5), published_matrix(5, 6));
}

TEST(DinoV2, PositionsOfVariantsWithRegistersAreAntialiased) {
    DinoV2Config config = tiny();
    config.registers = 4;
    check_positions(config, antialiased_matrix(5, 3), antialiased_matrix(5, 8));
}

TEST(DinoV2, RegistersTakePartAndAreDropped) {
    DinoV2Config config = tiny();
    config.registers = 4;
    const auto network = random_network(config);
    const torch::NoGradGuard no_grad;
    const auto image = torch::rand({2, 3, 28, 42});
    const auto before = network->forward(image);
    EXPECT_EQ(before.pre_norm.sizes(), (std::vector<std::int64_t>{2, 1 + 2 * 3, 32}));
    for (auto& item : network->named_parameters()) {
        if (item.key() == "register_tokens") {
            item.value().neg_();  // a constant shift would vanish in the norm
        }
    }
    EXPECT_GT(relative_error(network->forward(image).pre_norm, before.pre_norm), 1e-3);
}

TEST(DinoV2, SwiGluMlpIsTheFormula) {
    DinoV2Config config = tiny();
    config.swiglu = true;
    EXPECT_EQ(DinoV2Block::hidden_channels(config), 88);  // int(128 * 2 / 3) = 85, up to 88
    DinoV2Config giant;
    giant.dim = 1536;
    giant.swiglu = true;
    EXPECT_EQ(DinoV2Block::hidden_channels(giant), 4096);

    torch::manual_seed(8);
    DinoV2Block block(config);
    const torch::NoGradGuard no_grad;
    auto parameters = block.named_parameters();
    for (auto& item : parameters) {
        item.value().normal_(0, 0.3);
    }
    parameters["ls1.gamma"].zero_();  // no attention
    const auto input = torch::randn({1, 3, 32});
    const auto normed =
        torch::layer_norm(input, {32}, parameters["norm2.weight"], parameters["norm2.bias"], 1e-6);
    const auto both =
        torch::linear(normed, parameters["mlp.w12.weight"], parameters["mlp.w12.bias"]);
    const auto a = both.slice(-1, 0, 88);
    const auto gated = a * torch::sigmoid(a) * both.slice(-1, 88);
    const auto expected =
        input + parameters["ls2.gamma"] *
                    torch::linear(gated, parameters["mlp.w3.weight"], parameters["mlp.w3.bias"]);
    EXPECT_LT(relative_error(block.forward(input), expected), 1e-5);
}

TEST(DinoV2, SizesAreReadOffTheStateDict) {
    for (const bool swiglu : {false, true}) {
        DinoV2Config config = tiny();
        config.swiglu = swiglu;
        config.registers = swiglu ? 4 : 0;
        const auto network = random_network(config);
        auto state = state_of(*network);
        state["mask_token"] = from_torch(torch::zeros({1, 32}));
        const auto read = dinov2_config_of(state, "test", 2);
        EXPECT_EQ(read.dim, 32);
        EXPECT_EQ(read.depth, 2);
        EXPECT_EQ(read.positions, 5);
        EXPECT_EQ(read.patch, 14);
        EXPECT_EQ(read.swiglu, swiglu);
        EXPECT_EQ(read.registers, config.registers);
        const auto again = load_dinov2(state, "test", 2);
        const auto image = torch::rand({1, 3, 28, 28});
        EXPECT_TRUE(torch::equal(again->forward(image).norm, network->forward(image).norm));
        EXPECT_FALSE(again->parameters()[0].requires_grad());
    }
}

TEST(DinoV2, StatesThatAreNoneAreNamed) {
    auto state = state_of(*random_network(tiny()));
    EXPECT_NE(test::error_of([&] { load_dinov2(state, "f.pth"); }).find("number of heads"),
              std::string::npos);
    auto missing = state;
    missing.erase("blocks.1.mlp.fc2.bias");
    EXPECT_NE(
        test::error_of([&] { load_dinov2(missing, "f.pth", 2); }).find("blocks.1.mlp.fc2.bias"),
        std::string::npos);
    auto positions = state;
    positions["pos_embed"] = from_torch(torch::zeros({1, 24, 32}));
    EXPECT_NE(test::error_of([&] { load_dinov2(positions, "f.pth", 2); }).find("24 positions"),
              std::string::npos);
    auto narrow = state;
    narrow["blocks.1.attn.qkv.weight"] = from_torch(torch::zeros({32, 32}));
    EXPECT_EQ(test::error_of([&] { load_dinov2(narrow, "f.pth", 2); }),
              "f.pth: blocks.1.attn.qkv.weight has shape [32, 32]: it must be [96, 32]");
    EXPECT_NE(test::error_of([&] { load_dinov2({}, "f.pth", 2); }).find("no DINOv2"),
              std::string::npos);
    DinoV2 network(tiny());
    EXPECT_NE(test::error_of([&] {
                  network.forward(torch::zeros({1, 3, 28, 30}));
              }).find("28 x 30"),
              std::string::npos);
}

TEST(DinoV2, TeacherGivesAGridForAnImageFile) {
    const test::TemporaryFolder folder;
    const auto network = random_network(tiny());
    formats::write_safetensors(folder / "tiny.safetensors", state_of(*network));
    formats::Image image{30, 20, {}};
    for (int i = 0; i < 30 * 20 * 3; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>(i * 7 % 256));
    }
    formats::write_png(folder / "i.png", image);

    const auto teacher = open_dinov2(folder / "tiny.safetensors", 28, 56, true, 2);
    EXPECT_EQ(teacher->name(), "dinov2_32x2 28x56 pre-norm");
    EXPECT_EQ(teacher->channels(), 32);
    EXPECT_EQ(teacher->licence(), "Apache-2.0");
    const auto grid = teacher->features(folder / "i.png");
    EXPECT_EQ(grid.values.sizes(), (std::vector<std::int64_t>{2, 4, 32}));
    EXPECT_EQ(grid.geometry, CellGeometry::corners);
    EXPECT_EQ(grid.image_width, 30);
    EXPECT_EQ(grid.input_width, 56);
    EXPECT_EQ(grid.input_height, 28);

    // Plain bilinear between pixel centres, without antialiasing.
    auto pixels = torch::zeros({1, 3, 28, 56});
    for (int r = 0; r < 28; ++r) {
        for (int c = 0; c < 56; ++c) {
            const double y = std::clamp((r + 0.5) * 20 / 28 - 0.5, 0.0, 19.0);
            const double x = std::clamp((c + 0.5) * 30 / 56 - 0.5, 0.0, 29.0);
            const int y0 = static_cast<int>(y);
            const int x0 = static_cast<int>(x);
            const int y1 = std::min(y0 + 1, 19);
            const int x1 = std::min(x0 + 1, 29);
            for (int k = 0; k < 3; ++k) {
                const auto at = [&](int row, int column) {
                    return image.at(row, column)[k] / 255.0;
                };
                const double top = at(y0, x0) + (x - x0) * (at(y0, x1) - at(y0, x0));
                const double bottom = at(y1, x0) + (x - x0) * (at(y1, x1) - at(y1, x0));
                pixels[0][k][r][c] = top + (y - y0) * (bottom - top);
            }
        }
    }
    const auto expected = network->forward(pixels).pre_norm[0].slice(0, 1).reshape({2, 4, 32});
    EXPECT_LT(relative_error(grid.values, expected), 1e-4);

    EXPECT_NE(test::error_of([&] {
                  open_dinov2(folder / "tiny.safetensors", 30, 56, true, 2);
              }).find("30 x 56"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::models
