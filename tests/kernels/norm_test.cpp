#include <cmath>

#include "kernels/activation.hpp"
#include "kernels/batch_norm.hpp"
#include "kernels/each_target.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/random_values.hpp"

namespace distillar::kernels {
namespace {

using test::random_values;

class Activations : public test::EachTarget {};
class LayerNorm : public test::EachTarget {};
class BatchNorm : public test::EachTarget {};

TEST_P(Activations, GeluIsTheExactOne) {
    std::vector<float> x, out, hidden, slope;
    for (float value = -30; value <= 30; value += 0.037F) {
        x.push_back(value);
    }
    out.resize(x.size());
    hidden.resize(x.size());
    slope.assign(x.size(), 1);
    activate(Activation::gelu, x.data(), x.size(), out.data());
    activate_backward(Activation::gelu, x.data(), x.size(), hidden.data(), slope.data());
    EXPECT_EQ(out, hidden);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double v = x[i];
        const double below = 0.5 * std::erfc(-v / std::sqrt(2.0));
        const double density = std::exp(-0.5 * v * v) / std::sqrt(2 * std::acos(-1.0));
        EXPECT_NEAR(out[i], v * below, 1e-6 * std::max(1.0, std::abs(v))) << v;
        EXPECT_NEAR(slope[i], below + v * density, 1e-6) << v;
    }
}

TEST_P(Activations, ReluPassesNothingAtZero) {
    const std::vector<float> x{-1, 0, 2};
    std::vector<float> out(3), slope(3, 5);
    activate_backward(Activation::relu, x.data(), 3, out.data(), slope.data());
    EXPECT_EQ(out, (std::vector<float>{0, 0, 2}));
    EXPECT_EQ(slope, (std::vector<float>{0, 0, 5}));
}

TEST_P(LayerNorm, RowsAndTheirGradient) {
    for (const std::size_t channels : {1, 7, 16, 17, 50, 64, 256}) {
        const std::size_t rows = 5;
        auto x = random_values(rows * channels, channels);
        const auto g = random_values(rows * channels, 99);
        const std::vector<float> base(rows * channels, 0.5F);
        std::vector<float> normed(x.size()), again(x.size()), means(rows), inverses(rows);
        std::vector<float> gradient(x.size());
        normalise_rows(x.data(), rows, channels, normed.data(), means.data(), inverses.data());
        normalise_rows_again(x.data(), rows, channels, means.data(), inverses.data(), again.data());
        EXPECT_EQ(normed, again);
        normalise_rows_backward(g.data(), normed.data(), inverses.data(), base.data(), rows,
                                channels, gradient.data());
        // Against a central difference of sum(g * normed) in float64.
        const auto objective = [&](std::size_t row) {
            double mean = 0, square = 0, sum = 0;
            for (std::size_t c = 0; c < channels; ++c) {
                mean += x[row * channels + c] / static_cast<double>(channels);
            }
            for (std::size_t c = 0; c < channels; ++c) {
                square += std::pow(x[row * channels + c] - mean, 2) / static_cast<double>(channels);
            }
            for (std::size_t c = 0; c < channels; ++c) {
                sum += g[row * channels + c] * (x[row * channels + c] - mean) /
                       std::sqrt(square + 1e-5);
            }
            return sum;
        };
        for (std::size_t at = 0; at < x.size(); ++at) {
            const float kept = x[at];
            x[at] = kept + 0.01F;
            const double up = objective(at / channels);
            const double above = x[at];
            x[at] = kept - 0.01F;
            const double down = objective(at / channels);
            const double slope = (up - down) / (above - x[at]);
            x[at] = kept;
            EXPECT_NEAR(gradient[at], 0.5 + slope, 2e-2 * std::max(1.0, std::abs(slope)))
                << channels;
        }
    }
}

TEST_P(BatchNorm, MomentsOfFarAwayValues) {
    // Large mean, small spread: a sum of squares in float32 would lose the variance.
    const std::size_t rows = 3000, channels = 3;
    auto x = random_values(rows * channels, 1);
    for (float& value : x) {
        value = 1000 + 0.1F * value;
    }
    std::vector<float> mean(channels), variance(channels);
    column_moments(x.data(), rows, channels, mean.data(), variance.data());
    for (std::size_t c = 0; c < channels; ++c) {
        double average = 0, square = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            average += x[i * channels + c] / static_cast<double>(rows);
        }
        for (std::size_t i = 0; i < rows; ++i) {
            square += std::pow(x[i * channels + c] - average, 2) / static_cast<double>(rows);
        }
        EXPECT_NEAR(mean[c], average, 1e-4);
        EXPECT_NEAR(variance[c], square, 1e-4 * square);
    }
}

TEST_P(BatchNorm, SameBitsForAnyThreads) {
    const std::size_t rows = 5000, channels = 21;
    const auto x = random_values(rows * channels, 1);
    const auto g = random_values(rows * channels, 2);
    std::vector<std::vector<float>> results[2];
    for (const std::size_t threads : {1, 4}) {
        const test::Threads scope(threads);
        std::vector<float> mean(channels), variance(channels), weight(channels, 2);
        std::vector<float> gx(x.size()), gw(channels), gb(channels);
        column_moments(x.data(), rows, channels, mean.data(), variance.data());
        batch_norm_backward(
            {rows, channels, x.data(), mean.data(), variance.data(), weight.data(), true}, g.data(),
            gx.data(), gw.data(), gb.data());
        results[threads / 4] = {mean, variance, gx, gw, gb};
    }
    EXPECT_EQ(results[0], results[1]);
}

DISTILLAR_EACH_TARGET(Activations);
DISTILLAR_EACH_TARGET(LayerNorm);
DISTILLAR_EACH_TARGET(BatchNorm);

}  // namespace
}  // namespace distillar::kernels
