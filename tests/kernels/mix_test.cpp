// Mixing kernels against serial, dense, readable twins in float64, for every vector target and any
// number of threads (gradients also against LibTorch's in tests/models/operations_test.cpp).
#include <cmath>
#include <functional>
#include <numeric>

#include "kernels/channel_mix.hpp"
#include "kernels/each_target.hpp"
#include "kernels/neighbor_max.hpp"
#include "kernels/random_values.hpp"
#include "kernels/spatial_mix.hpp"

namespace distillar::kernels {
namespace {

using test::random_values;
using Values = std::vector<float>;
using Doubles = std::vector<double>;

class SpatialMixTargets : public test::EachTarget {};
class ChannelMixTargets : public test::EachTarget {};
class NeighborMaxTargets : public test::EachTarget {};

double activated(Activation activation, double x) {
    return activation == Activation::relu ? std::max(0.0, x)
                                          : x * 0.5 * std::erfc(-x / std::sqrt(2.0));
}

/// Rows normalised over channels, with weight and bias.
Doubles layer_norm(const Values& x, const Values& weight, const Values& bias) {
    const std::size_t channels = weight.size();
    Doubles out(x.size());
    for (std::size_t first = 0; first < x.size(); first += channels) {
        double mean = 0, square = 0;
        for (std::size_t c = 0; c < channels; ++c) {
            mean += x[first + c] / static_cast<double>(channels);
        }
        for (std::size_t c = 0; c < channels; ++c) {
            square += std::pow(x[first + c] - mean, 2) / static_cast<double>(channels);
        }
        for (std::size_t c = 0; c < channels; ++c) {
            out[first + c] = (x[first + c] - mean) / std::sqrt(square + 1e-5) * weight[c] + bias[c];
        }
    }
    return out;
}

struct MixData {
    std::size_t points, channels;
    Values tokens, norm_weight, norm_bias, first, first_bias, second, second_bias, scale, rows;
    MixData(std::size_t n, std::size_t c, std::size_t weights)
        : points(n),
          channels(c),
          tokens(random_values(n * c, 1)),
          norm_weight(random_values(c, 2)),
          norm_bias(random_values(c, 3)),
          first(random_values(weights, 4)),
          first_bias(random_values(c, 5)),
          second(random_values(weights, 6)),
          second_bias(random_values(c, 7)),
          scale(random_values(c, 8)),
          rows(n) {
        for (std::size_t i = 0; i < n; ++i) {
            rows[i] = i < n / 2 ? 0.0F : 1.25F;  // drop path: the first scan is dropped
        }
    }
    template <typename Mix>
    void fill(Mix& mix) const {
        mix.channels = channels;
        mix.norm_weight = norm_weight.data();
        mix.norm_bias = norm_bias.data();
        mix.first = first.data();
        mix.first_bias = first_bias.data();
        mix.second = second.data();
        mix.second_bias = second_bias.data();
        mix.scale = scale.data();
        mix.row_scale = rows.data();
        mix.input = tokens.data();
    }
};

/// The published form: every cell of the dense, zero-padded grid.
Doubles dense_spatial_mix(const MixData& data, const std::vector<std::int32_t>& cells, int rows,
                          int columns, std::size_t scans, Activation activation) {
    const std::size_t channels = data.channels;
    const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    const Doubles normed = layer_norm(data.tokens, data.norm_weight, data.norm_bias);
    Doubles grid(scans * size * channels), counts(scans * size);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto cell = static_cast<std::size_t>(cells[i]);
        counts[cell] += 1;
        for (std::size_t c = 0; c < channels; ++c) {
            grid[cell * channels + c] += normed[i * channels + c];
        }
    }
    for (std::size_t at = 0; at < grid.size(); ++at) {
        grid[at] /= std::max(1.0, counts[at / channels]);
    }
    const auto convolve = [&](const Doubles& in, const Values& kernel, const Values& bias) {
        Doubles out(in.size());
        for (std::size_t at = 0; at < in.size(); ++at) {
            const std::size_t c = at % channels, cell = at / channels % size;
            const std::size_t scan = at / channels / size;
            const int row = static_cast<int>(cell) / columns;
            const int column = static_cast<int>(cell) % columns;
            out[at] = bias[c];
            for (int tap = 0; tap < 9; ++tap) {
                const int r = row + tap / 3 - 1, q = column + tap % 3 - 1;
                if (r >= 0 && r < rows && q >= 0 && q < columns) {
                    const auto other = static_cast<std::size_t>(r * columns + q);
                    out[at] += kernel[9 * c + static_cast<std::size_t>(tap)] *
                               in[(scan * size + other) * channels + c];
                }
            }
        }
        return out;
    };
    Doubles hidden = convolve(grid, data.first, data.first_bias);
    for (double& value : hidden) {
        value = activated(activation, value);
    }
    const Doubles mixed = convolve(hidden, data.second, data.second_bias);
    Doubles out(data.tokens.begin(), data.tokens.end());
    for (std::size_t at = 0; at < out.size(); ++at) {
        const std::size_t i = at / channels, c = at % channels;
        out[at] += static_cast<double>(data.rows[i]) * data.scale[c] *
                   mixed[static_cast<std::size_t>(cells[i]) * channels + c];
    }
    return out;
}

/// The gradients of sum(gradient * out), in the order of the kernels' results, against the change
/// of the twin's output along a random direction of each parameter.
void expect_gradients(MixData data, const std::vector<Values>& gradients,
                      const std::function<Doubles(const MixData&)>& twin) {
    const Values gradient = random_values(data.tokens.size(), 20);
    const auto objective = [&] {
        const Doubles out = twin(data);
        return std::inner_product(out.begin(), out.end(), gradient.begin(), 0.0);
    };
    Values* parameters[] = {&data.norm_weight, &data.norm_bias,   &data.first, &data.first_bias,
                            &data.second,      &data.second_bias, &data.scale, &data.tokens};
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        const Values kept = *parameters[i];
        const Values direction = random_values(kept.size(), 40 + i);
        double predicted = 0, ends[2] = {}, scale = 0;
        for (const int side : {0, 1}) {
            for (std::size_t k = 0; k < kept.size(); ++k) {
                const float moved = kept[k] + (side == 0 ? -1e-3F : 1e-3F) * direction[k];
                (*parameters[i])[k] = moved;
                const double term = static_cast<double>(gradients[i][k]) * (moved - kept[k]);
                predicted += side == 0 ? -term : term;
                scale += term * term;
            }
            ends[side] = objective();
        }
        *parameters[i] = kept;
        EXPECT_NEAR(ends[1] - ends[0], predicted, 2e-3 * std::sqrt(scale)) << "parameter " << i;
    }
}

struct SpatialResult {
    Values out;
    std::vector<Values> gradients;
};

SpatialResult run_spatial(const MixData& data, const PlaneTable& table, Activation activation) {
    SpatialMix mix;
    data.fill(mix);
    mix.table = &table;
    mix.activation = activation;
    Values means(data.points), inverses(data.points);
    Values cells(static_cast<std::size_t>(table.occupied) * data.channels);
    Values hidden(static_cast<std::size_t>(table.reached) * data.channels);
    const SpatialMixSaved saved{means.data(), inverses.data(), cells.data(), hidden.data()};
    SpatialResult result{Values(data.tokens.size()), {}};
    spatial_mix_forward(mix, data.tokens.data(), saved, result.out.data());
    const Values gradient = random_values(data.tokens.size(), 20);
    const std::size_t c = data.channels;
    std::vector<Values> g{Values(c),     Values(c), Values(9 * c), Values(c),
                          Values(9 * c), Values(c), Values(c),     Values(data.tokens.size())};
    spatial_mix_backward(mix, saved, gradient.data(),
                         {g[0].data(), g[1].data(), g[2].data(), g[3].data(), g[4].data(),
                          g[5].data(), g[6].data(), g[7].data(), true});
    result.gradients = std::move(g);
    return result;
}

TEST_P(SpatialMixTargets, EqualsDenseConvolutionsAndAnyThreads) {
    for (const std::size_t channels : {5, 17, 64, 256}) {
        for (const Activation activation : {Activation::relu, Activation::gelu}) {
            const auto cells = test::random_cells(300, 2, 6, 11, channels);
            const MixData data(cells.size(), channels, 9 * channels);
            const PlaneTable table = make_plane_table(cells, 6, 11);
            const Doubles expected = dense_spatial_mix(data, cells, 6, 11, 2, activation);
            const SpatialResult one = [&] {
                const test::Threads scope(1);
                return run_spatial(data, table, activation);
            }();
            for (std::size_t i = 0; i < expected.size(); ++i) {
                ASSERT_NEAR(one.out[i], expected[i], 1e-4 * std::max(1.0, std::abs(expected[i])));
            }
            const test::Threads scope(4);
            const SpatialResult four = run_spatial(data, table, activation);
            EXPECT_EQ(one.out, four.out);
            EXPECT_EQ(one.gradients, four.gradients);
            if (activation == Activation::gelu && channels < 100) {  // smooth
                expect_gradients(data, one.gradients, [&](const MixData& moved) {
                    return dense_spatial_mix(moved, cells, 6, 11, 2, activation);
                });
            }
        }
    }
}

Doubles dense_channel_mix(const MixData& data, Activation activation) {
    const std::size_t channels = data.channels;
    const Doubles normed = layer_norm(data.tokens, data.norm_weight, data.norm_bias);
    Doubles out(data.tokens.begin(), data.tokens.end()), hidden(channels);
    for (std::size_t i = 0; i < data.points; ++i) {
        for (std::size_t h = 0; h < channels; ++h) {
            hidden[h] = data.first_bias[h];
            for (std::size_t c = 0; c < channels; ++c) {
                hidden[h] += data.first[h * channels + c] * normed[i * channels + c];
            }
            hidden[h] = activated(activation, hidden[h]);
        }
        for (std::size_t o = 0; o < channels; ++o) {
            double mixed = data.second_bias[o];
            for (std::size_t h = 0; h < channels; ++h) {
                mixed += data.second[o * channels + h] * hidden[h];
            }
            out[i * channels + o] += static_cast<double>(data.rows[i]) * data.scale[o] * mixed;
        }
    }
    return out;
}

struct ChannelResult {
    Values out, inference;
    std::vector<Values> gradients;
};

ChannelResult run_channel(const MixData& data, Activation activation) {
    ChannelMix mix;
    data.fill(mix);
    mix.points = data.points;
    mix.activation = activation;
    const std::size_t c = data.channels, size = data.tokens.size();
    Values means(data.points), inverses(data.points), hidden(size);
    const ChannelMixSaved saved{means.data(), inverses.data(), hidden.data()};
    ChannelResult result{Values(size), Values(size), {}};
    channel_mix_forward(mix, data.tokens.data(), &saved, result.out.data());
    channel_mix_forward(mix, data.tokens.data(), nullptr, result.inference.data());
    const Values gradient = random_values(size, 20);
    std::vector<Values> g{Values(c),     Values(c), Values(c * c), Values(c),
                          Values(c * c), Values(c), Values(c),     Values(size)};
    channel_mix_backward(mix, saved, gradient.data(),
                         {g[0].data(), g[1].data(), g[2].data(), g[3].data(), g[4].data(),
                          g[5].data(), g[6].data(), g[7].data(), true});
    result.gradients = std::move(g);
    return result;
}

TEST_P(ChannelMixTargets, EqualsPlainSumsAndAnyThreads) {
    for (const std::size_t channels : {5, 17, 64, 256}) {
        for (const Activation activation : {Activation::relu, Activation::gelu}) {
            const MixData data(channels < 100 ? 1700 : 200, channels, channels * channels);
            const ChannelResult one = [&] {
                const test::Threads scope(1);
                return run_channel(data, activation);
            }();
            EXPECT_EQ(one.out, one.inference);
            const Doubles expected = dense_channel_mix(data, activation);
            for (std::size_t i = 0; i < expected.size(); ++i) {
                ASSERT_NEAR(one.out[i], expected[i], 1e-4 * std::max(10.0, std::abs(expected[i])));
            }
            const test::Threads scope(4);
            const ChannelResult four = run_channel(data, activation);
            EXPECT_EQ(one.out, four.out);
            EXPECT_EQ(one.gradients, four.gradients);
            if (activation == Activation::gelu && channels < 20) {  // smooth
                expect_gradients(data, one.gradients, [&](const MixData& moved) {
                    return dense_channel_mix(moved, activation);
                });
            }
        }
    }
}

TEST_P(ChannelMixTargets, ADroppedScanPassesThroughUntouched) {
    const MixData data(700, 16, 256);
    const ChannelResult result = run_channel(data, Activation::relu);
    const Values gradient = random_values(data.tokens.size(), 20);
    for (std::size_t i = 0; i < 350 * 16; ++i) {
        ASSERT_EQ(result.out[i], data.tokens[i]);
        ASSERT_EQ(result.gradients[7][i], gradient[i]);
    }
}

TEST_P(NeighborMaxTargets, EqualsPlainMaximumAndAnyThreads) {
    const std::size_t points = 500, neighbors = 16, inputs = 5, channels = 85;
    const Values x = random_values(points * inputs, 1);
    const Values map = random_values(channels * inputs, 2), shift = random_values(channels, 3);
    const Values weight = random_values(channels * channels, 4);
    const Values gradient = random_values(points * channels, 5);
    std::vector<std::int64_t> indices(points * neighbors);
    base::Random random(1, 2, 3);
    for (auto& index : indices) {
        index = random.below(points);
    }
    const NeighborMax layer{points,         neighbors,  inputs,       channels,     x.data(),
                            indices.data(), map.data(), shift.data(), weight.data()};
    std::vector<Values> results[2];
    for (const std::size_t threads : {1, 4}) {
        const test::Threads scope(threads);
        Values out(points * channels), maps(map.size()), shifts(channels), weights(weight.size());
        Values differences(points * neighbors * inputs);
        std::vector<std::uint8_t> winners(out.size());
        neighbor_max_forward(layer, out.data(), winners.data());
        neighbor_max_backward(layer, winners.data(), gradient.data(),
                              {maps.data(), shifts.data(), weights.data(), differences.data()});
        const DifferenceMoments moments =
            difference_moments(x.data(), indices.data(), points, neighbors, inputs);
        results[threads / 4] = {
            out,     maps,        shifts,
            weights, differences, Values(moments.covariance.begin(), moments.covariance.end())};
    }
    EXPECT_EQ(results[0], results[1]);
    for (std::size_t i = 0; i < points; i += 71) {
        for (std::size_t c = 0; c < channels; ++c) {
            double best = -1e30;
            for (std::size_t k = 0; k < neighbors; ++k) {
                const auto other = static_cast<std::size_t>(indices[i * neighbors + k]);
                double sum = 0;
                for (std::size_t h = 0; h < channels; ++h) {
                    double hidden = shift[h];
                    for (std::size_t j = 0; j < inputs; ++j) {
                        hidden += map[h * inputs + j] *
                                  static_cast<double>(x[other * inputs + j] - x[i * inputs + j]);
                    }
                    sum += weight[c * channels + h] * std::max(0.0, hidden);
                }
                best = std::max(best, sum);
            }
            EXPECT_NEAR(results[0][0][i * channels + c], best,
                        1e-4 * std::max(10.0, std::abs(best)));
        }
    }
}

DISTILLAR_EACH_TARGET(SpatialMixTargets);
DISTILLAR_EACH_TARGET(ChannelMixTargets);
DISTILLAR_EACH_TARGET(NeighborMaxTargets);

}  // namespace
}  // namespace distillar::kernels
