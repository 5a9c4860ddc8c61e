// Own kernels, plain LibTorch operations and dense convolutions: one result, one set of gradients.
#include "models/operations.hpp"

#include <gtest/gtest.h>

#include "kernels/random_values.hpp"
#include "models/layers.hpp"
#include "models/plain_operations.hpp"

namespace distillar::models {
namespace {

using Tensors = std::vector<torch::Tensor>;

Tensors leaves(const Tensors& tensors) {
    Tensors result;
    for (const torch::Tensor& tensor : tensors) {
        result.push_back(tensor.defined() ? tensor.detach().clone().requires_grad_(true) : tensor);
    }
    return result;
}

/// Output and all gradients for a fixed gradient of the output.
Tensors outcome(const torch::Tensor& out, const Tensors& inputs) {
    const torch::Tensor gradient =
        torch::sin(torch::arange(out.numel(), torch::kFloat32) * 0.7).view(out.sizes());
    out.backward(gradient);
    Tensors results{out.detach()};
    for (const torch::Tensor& input : inputs) {
        results.push_back(input.defined() ? input.grad() : torch::Tensor());
    }
    return results;
}

void expect_close(const Tensors& actual, const Tensors& expected, double limit = 2e-5) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        ASSERT_EQ(actual[i].defined(), expected[i].defined()) << i;
        if (actual[i].defined() && actual[i].numel() > 0) {
            const double scale = std::max(1e-3, expected[i].abs().max().item<double>());
            EXPECT_LT((actual[i] - expected[i]).abs().max().item<double>(), limit * scale) << i;
        }
    }
}

struct MixCase {
    std::int64_t channels;
    Activation activation;
    bool norm;
    bool drops;
};

class MixOperations : public testing::TestWithParam<MixCase> {
protected:
    static constexpr std::int64_t points = 300;
    static constexpr int rows = 6, columns = 11;

    void SetUp() override {
        torch::manual_seed(3);
        const std::int64_t c = GetParam().channels;
        cells = test::random_cells(points, 2, rows, columns, 4);
        plane = std::make_shared<const kernels::PlaneTable>(
            kernels::make_plane_table(cells, rows, columns));
        const auto norm = [&] { return GetParam().norm ? torch::randn({c}) : torch::Tensor(); };
        spatial = {torch::randn({points, c}),
                   norm(),
                   norm(),
                   torch::randn({c, 1, 3, 3}),
                   torch::randn({c}),
                   torch::randn({c, 1, 3, 3}),
                   torch::randn({c}),
                   torch::randn({c, 1, 1}),
                   torch::randn({points, c})};
        channel = spatial;
        channel[3] = torch::randn({c, c, 1});
        channel[5] = torch::randn({c, c, 1});
        if (GetParam().drops) {
            row_scale = torch::cat({torch::zeros({points / 2}), torch::full({points / 2}, 1.25)});
        }
    }

    /// t: tokens, norm weight, norm bias, first, its bias, second, its bias, scale, other input.
    template <typename Parameters>
    static Parameters parameters_of(const Tensors& t) {
        return {t[1], t[2], t[3], t[4], t[5], t[6], t[7]};
    }
    /// Without an inner norm the mixing input is another tensor (the BatchNorm form).
    static torch::Tensor input_of(const Tensors& t) { return GetParam().norm ? t[0] : t[8]; }

    std::vector<std::int32_t> cells;
    Plane plane;
    Tensors spatial, channel;
    torch::Tensor row_scale;
};

TEST_P(MixOperations, SpatialKernelsEqualPlainOperations) {
    const Activation activation = GetParam().activation;
    const Tensors a = leaves(spatial), b = leaves(spatial);
    expect_close(outcome(spatial_mix(a[0], input_of(a), parameters_of<SpatialParameters>(a), plane,
                                     activation, row_scale),
                         a),
                 outcome(plain::spatial_mix(b[0], input_of(b), parameters_of<SpatialParameters>(b),
                                            *plane, activation, row_scale),
                         b));
}

/// The published form: scatter to a dense grid, conv2d with groups, gather.
TEST_P(MixOperations, SpatialKernelsEqualDenseConvolutions) {
    const auto [c, activation, norm, drops] = GetParam();
    const auto dense = [&, c = c, activation = activation](const Tensors& t) {
        torch::Tensor r = input_of(t);
        if (t[1].defined()) {
            r = torch::layer_norm(r, {c}, t[1], t[2], norm_epsilon);
        }
        const torch::Tensor index = torch::tensor(cells, torch::kInt32).to(torch::kInt64);
        const std::int64_t size = 2 * rows * columns;
        const torch::Tensor counts =
            torch::zeros({size, 1}).index_add(0, index, torch::ones({points, 1})).clamp_min(1);
        torch::Tensor grid = torch::zeros({size, c}).index_add(0, index, r) / counts;
        grid = grid.view({2, rows, columns, c}).permute({0, 3, 1, 2});
        grid = torch::conv2d(grid, t[3], t[4], 1, 1, 1, c);
        grid = activation == Activation::gelu ? torch::gelu(grid) : torch::relu(grid);
        grid = torch::conv2d(grid, t[5], t[6], 1, 1, 1, c);
        grid = grid.permute({0, 2, 3, 1}).reshape({size, c}) * t[7].view({1, c});
        torch::Tensor branch = grid.index_select(0, index);
        if (row_scale.defined()) {
            branch = branch * row_scale.unsqueeze(1);
        }
        return t[0] + branch;
    };
    const Tensors a = leaves(spatial), b = leaves(spatial);
    expect_close(outcome(spatial_mix(a[0], input_of(a), parameters_of<SpatialParameters>(a), plane,
                                     activation, row_scale),
                         a),
                 outcome(dense(b), b));
}

TEST_P(MixOperations, ChannelKernelsEqualPlainOperations) {
    const Activation activation = GetParam().activation;
    const Tensors a = leaves(channel), b = leaves(channel);
    expect_close(outcome(channel_mix(a[0], input_of(a), parameters_of<ChannelParameters>(a),
                                     activation, row_scale),
                         a),
                 outcome(plain::channel_mix(b[0], input_of(b), parameters_of<ChannelParameters>(b),
                                            activation, row_scale),
                         b));
}

TEST_P(MixOperations, WithoutGradientsTheSameValues) {
    const torch::Tensor with =
        channel_mix(leaves(channel)[0], input_of(channel),
                    parameters_of<ChannelParameters>(channel), GetParam().activation, row_scale);
    const torch::NoGradGuard no_grad;
    const torch::Tensor without =
        channel_mix(channel[0], input_of(channel), parameters_of<ChannelParameters>(channel),
                    GetParam().activation, row_scale);
    EXPECT_TRUE(torch::allclose(with.detach(), without, 1e-5, 1e-5));
}

INSTANTIATE_TEST_SUITE_P(Cases, MixOperations,
                         testing::Values(MixCase{32, Activation::relu, true, false},
                                         MixCase{13, Activation::gelu, true, true},
                                         MixCase{24, Activation::relu, false, true},
                                         MixCase{72, Activation::gelu, false, false}));

TEST(Operations, LinearEqualsPlainAlsoOnASlice) {
    torch::manual_seed(1);
    for (const std::int64_t inputs : {5, 48}) {
        const Tensors values{torch::randn({200, inputs}), torch::randn({40, inputs + 3}),
                             torch::randn({40})};
        for (const bool bias : {true, false}) {
            const Tensors a = leaves(values), b = leaves(values);
            const auto slice = [&](const Tensors& t) { return t[1].narrow(1, 3, inputs); };
            const auto bias_of = [&](const Tensors& t) { return bias ? t[2] : torch::Tensor(); };
            expect_close(outcome(linear(a[0], slice(a), bias_of(a)), a),
                         outcome(torch::linear(b[0], slice(b), bias_of(b)), b));
        }
    }
}

TEST(Operations, BatchNormEqualsLibTorch) {
    torch::manual_seed(1);
    const Tensors values{torch::randn({700, 21}) * 3 + 5, torch::randn({21}), torch::randn({21})};
    const torch::Tensor mean = torch::randn({21}), variance = torch::rand({21}) + 0.5;
    for (const bool training : {true, false}) {
        const Tensors a = leaves(values), b = leaves(values);
        const torch::Tensor own = training ? batch_norm(a[0], a[1], a[2]).rows
                                           : batch_norm(a[0], a[1], a[2], mean, variance);
        const torch::Tensor published = torch::batch_norm(
            b[0], b[1], b[2], mean.clone(), variance.clone(), training, 0.1, 1e-5, false);
        expect_close(outcome(own, a), outcome(published, b));
    }
}

TEST(Operations, NeighborMaxEqualsPlain) {
    torch::manual_seed(1);
    const Tensors values{torch::randn({150, 5}), torch::randn({24, 5}), torch::randn({24}),
                         torch::randn({24, 24})};
    const torch::Tensor neighbors = torch::randint(0, 150, {150, 16}, torch::kInt64);
    const Tensors a = leaves(values), b = leaves(values);
    expect_close(outcome(neighbor_max(a[0], neighbors, a[1], a[2], a[3]), a),
                 outcome(plain::neighbor_max(b[0], neighbors, b[1], b[2], b[3]), b));
    const DifferenceMoments own = difference_moments(values[0], neighbors);
    const DifferenceMoments twin = plain::difference_moments(values[0], neighbors);
    EXPECT_TRUE(torch::allclose(own.mean, twin.mean));
    EXPECT_TRUE(torch::allclose(own.covariance, twin.covariance));
}

}  // namespace
}  // namespace distillar::models
