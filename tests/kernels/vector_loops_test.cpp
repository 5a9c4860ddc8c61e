// Every vector loop against plain sums in float64, for every target and for numbers of channels
// that are less than a vector, no multiple of one, and several.
#include <cmath>

#include "kernels/batch_norm_rows.hpp"
#include "kernels/cell_points.hpp"
#include "kernels/each_target.hpp"
#include "kernels/neighbor_rows.hpp"
#include "kernels/plane_taps.hpp"
#include "kernels/random_values.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {
namespace {

using test::random_values;
using Values = std::vector<float>;

constexpr std::size_t sizes[] = {1, 5, 17, 48, 64, 256};

/// values[i] is expected(i) to float32's precision.
template <typename Expected>
void expect_near(const Values& values, const Expected& expected) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double wanted = expected(i);
        ASSERT_NEAR(values[i], wanted, 1e-6 * std::max(10.0, std::abs(wanted)))
            << i << " of " << values.size();
    }
}

double sum_over(std::size_t count, const auto& term) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum += term(i);
    }
    return sum;
}

class VectorLoops : public test::EachTarget {};

TEST_P(VectorLoops, Rows) {
    for (const std::size_t channels : sizes) {
        const std::size_t rows = 11;
        const Values x = random_values(rows * channels, 1), y = random_values(rows * channels, 2);
        const Values factors = random_values(rows, 3), shift = random_values(channels, 4);
        Values sum = shift, scaled(x.size()), added(x.size()), plain(x.size()), mapped(x.size());
        add_rows(x.data(), rows, channels, sum.data());
        scale_rows(x.data(), factors.data(), rows, channels, scaled.data());
        add_scaled_rows(x.data(), y.data(), factors.data(), rows, channels, added.data());
        add_scaled_rows(x.data(), y.data(), nullptr, rows, channels, plain.data());
        apply_affine(x.data(), y.data(), shift.data(), rows, channels, mapped.data());
        expect_near(sum, [&](std::size_t c) {
            return shift[c] + sum_over(rows, [&](std::size_t i) { return x[i * channels + c]; });
        });
        expect_near(scaled, [&](std::size_t i) { return factors[i / channels] * x[i]; });
        expect_near(added, [&](std::size_t i) { return x[i] + factors[i / channels] * y[i]; });
        expect_near(plain, [&](std::size_t i) { return x[i] + y[i]; });
        expect_near(mapped,
                    [&](std::size_t i) { return x[i] * y[i % channels] + shift[i % channels]; });
    }
}

TEST_P(VectorLoops, BatchNormRows) {
    for (const std::size_t channels : sizes) {
        const std::size_t rows = 11;
        const Values x = random_values(rows * channels, 1), g = random_values(rows * channels, 2);
        const Values mean = random_values(channels, 3), inverse = random_values(channels, 4);
        const Values weight = random_values(channels, 5), slope = random_values(channels, 6);
        Values sum(channels), squares(channels), sums(2 * channels), spread(x.size());
        const auto normed = [&](std::size_t at) {
            return static_cast<double>(x[at] - mean[at % channels]) * inverse[at % channels];
        };
        const BatchNormBackward norm{rows,        channels,       x.data(),
                                     mean.data(), inverse.data(), weight.data()};
        add_differences(x.data(), mean.data(), rows, channels, sum.data());
        add_squares(x.data(), mean.data(), rows, channels, squares.data());
        add_batch_norm_gradients(norm, g.data(), 0, 4, sums.data());
        add_batch_norm_gradients(norm, g.data(), 4, rows, sums.data());
        spread_batch_norm_gradient(norm, g.data(), slope.data(), mean.data(), 0, rows,
                                   spread.data());
        expect_near(sum, [&](std::size_t c) {
            return sum_over(rows, [&](std::size_t i) { return x[i * channels + c] - mean[c]; });
        });
        expect_near(squares, [&](std::size_t c) {
            return sum_over(rows, [&](std::size_t i) {
                return std::pow(static_cast<double>(x[i * channels + c] - mean[c]), 2);
            });
        });
        expect_near(sums, [&](std::size_t at) {
            return sum_over(rows, [&](std::size_t i) {
                const std::size_t from = i * channels + at % channels;
                return at < channels ? g[from] * normed(from) : g[from];
            });
        });
        expect_near(spread, [&](std::size_t at) {
            const std::size_t c = at % channels;
            return static_cast<double>(weight[c]) * inverse[c] *
                   (g[at] - mean[c] - normed(at) * slope[c]);
        });
    }
}

TEST_P(VectorLoops, PlaneTaps) {
    for (const std::size_t channels : sizes) {
        const Values source = random_values(9 * channels, 1);
        const Values kernel = random_values(9 * channels, 2), bias = random_values(channels, 3);
        const Values scale = random_values(channels, 4), gradient = random_values(channels, 5);
        const std::int32_t taps[9] = {4, -1, 0, 8, 1, -1, 2, 7, 3};
        const TapRows rows(taps, source.data(), channels);
        const TapWeights weights(kernel.data(), bias.data(), scale.data(), channels);
        Values out(channels), transposed(channels), sums = random_values(10 * channels, 6);
        const Values before = sums;
        convolve(rows, weights, channels, out.data());
        convolve_transposed(rows, weights, channels, transposed.data());
        add_tap_gradients(rows, gradient.data(), channels, sums.data());
        const auto value = [&](std::size_t tap, std::size_t c) {
            return taps[tap] < 0 ? 0.0
                                 : static_cast<double>(
                                       source[static_cast<std::size_t>(taps[tap]) * channels + c]);
        };
        expect_near(out, [&](std::size_t c) {
            return scale[c] * (bias[c] + sum_over(9, [&](std::size_t tap) {
                                   return kernel[9 * c + tap] * value(tap, c);
                               }));
        });
        expect_near(transposed, [&](std::size_t c) {
            return scale[c] * sum_over(9, [&](std::size_t tap) {
                       return kernel[9 * c + 8 - tap] * value(tap, c);
                   });
        });
        expect_near(sums, [&](std::size_t at) {
            const std::size_t c = at % channels, tap = at / channels;
            return before[at] + gradient[c] * (tap == 9 ? 1.0 : value(tap, c));
        });
    }
}

TEST_P(VectorLoops, CellPoints) {
    for (const std::size_t channels : sizes) {
        const std::size_t points = 7;
        const std::vector<std::int32_t> cells{2, 0, 2, 5, 2, 0, 2};  // cell 2 is the second one
        const PlaneTable table = make_plane_table(cells, 3, 3);
        const std::size_t members[] = {0, 2, 4, 6};
        const Values x = random_values(points * channels, 1), g = random_values(x.size(), 2);
        const Values value = random_values(channels, 3), factors = random_values(points, 4);
        SpatialMix mix;
        mix.channels = channels;
        mix.norm_weight = value.data();
        mix.row_scale = factors.data();
        mix.input = x.data();
        Values means(points), inverses(points), mean(channels), sum(channels), out = g;
        Values spread(x.size()), alone(x.size());
        const SpatialMixSaved saved{means.data(), inverses.data(), nullptr, nullptr};
        const CellPoints cell(table, 1);
        mean_of_cell(mix, saved, cell, mean.data());
        add_to_points(mix, cell, x.data(), value.data(), out.data());
        sum_of_points(mix, cell, g.data(), sum.data());
        spread_to_points(mix, saved, cell, value.data(), g.data(), spread.data());
        spread_to_points(mix, saved, cell, value.data(), nullptr, alone.data());
        const auto at = [&](std::size_t point, std::size_t c) { return point * channels + c; };
        const auto share = 1.0 / static_cast<double>(channels);
        std::vector<double> normed(x.size()), back(x.size());
        for (const std::size_t point : members) {
            const double average =
                share * sum_over(channels, [&](std::size_t c) { return x[at(point, c)]; });
            const double variance = share * sum_over(channels, [&](std::size_t c) {
                                        return std::pow(x[at(point, c)] - average, 2);
                                    });
            const double inverse = 1 / std::sqrt(variance + 1e-5);
            ASSERT_NEAR(means[point], average, 1e-6);
            ASSERT_NEAR(inverses[point], inverse, 1e-5 * inverse);
            for (std::size_t c = 0; c < channels; ++c) {
                normed[at(point, c)] = (x[at(point, c)] - average) * inverse;
            }
            const double shift =
                share * sum_over(channels, [&](std::size_t c) { return value[c]; });
            const double slope = share * sum_over(channels, [&](std::size_t c) {
                                     return value[c] * normed[at(point, c)];
                                 });
            for (std::size_t c = 0; c < channels && channels > 1; ++c) {
                back[at(point, c)] = inverse * (value[c] - shift - normed[at(point, c)] * slope);
            }
        }
        const auto over_members = [&](const auto& term) {
            return sum_over(4, [&](std::size_t i) { return term(members[i]); });
        };
        expect_near(mean, [&](std::size_t c) {
            return over_members([&](std::size_t point) { return normed[at(point, c)] / 4; });
        });
        expect_near(sum, [&](std::size_t c) {
            return over_members(
                [&](std::size_t point) { return factors[point] * g[at(point, c)]; });
        });
        const auto inside = [&](std::size_t i) { return cells[i / channels] == 2; };
        expect_near(out, [&](std::size_t i) {
            return inside(i) ? x[i] + factors[i / channels] * value[i % channels] : g[i];
        });
        expect_near(spread, [&](std::size_t i) { return inside(i) ? g[i] + back[i] : 0.0; });
        expect_near(alone, [&](std::size_t i) { return back[i]; });
        Values shared(channels), unweighted(channels), sums(2 * channels, 1);
        share_gradient(x.data(), value.data(), 0.25F, channels, shared.data());
        share_gradient(x.data(), nullptr, 0.25F, channels, unweighted.data());
        add_norm_gradients(x.data(), value.data(), channels, sums.data());
        expect_near(shared, [&](std::size_t c) { return x[c] * 0.25 * value[c]; });
        expect_near(unweighted, [&](std::size_t c) { return x[c] * 0.25; });
        expect_near(sums, [&](std::size_t i) {
            return 1 + x[i % channels] * (i < channels ? value[i] : 1.0);
        });
    }
}

TEST_P(VectorLoops, MaximumAndItsWinners) {
    for (const std::size_t channels : sizes) {
        const std::size_t count = 16;
        Values rows = random_values(count * channels, 1);
        rows[0] = rows[(count - 1) * channels] = 9;  // a tie: the first one wins
        Values out(channels), without(channels);
        std::vector<std::uint8_t> winners(channels);
        maximum_of_rows(rows.data(), count, channels, out.data(), winners.data());
        maximum_of_rows(rows.data(), count, channels, without.data(), nullptr);
        for (std::size_t c = 0; c < channels; ++c) {
            std::size_t best = 0;
            for (std::size_t k = 1; k < count; ++k) {
                best = rows[k * channels + c] > rows[best * channels + c] ? k : best;
            }
            ASSERT_EQ(winners[c], best);
            ASSERT_EQ(out[c], rows[best * channels + c]);
        }
        EXPECT_EQ(out, without);
    }
}

TEST_P(VectorLoops, WayBackThroughTheMaximum) {
    for (const std::size_t channels : sizes) {
        const std::size_t points = 3, neighbors = 4, rows = points * neighbors;
        Values hidden = random_values(rows * channels, 1);
        const Values before = hidden, g = random_values(points * channels, 2);
        const Values weight = random_values(channels * channels, 3);
        Values back(rows * channels), sums(channels * channels, 0.5F);
        std::vector<std::uint8_t> winners(points * channels);
        base::Random random(1, 2, 3);
        for (auto& winner : winners) {
            winner = static_cast<std::uint8_t>(random.below(neighbors));
        }
        rectify(hidden.data(), hidden.size());
        expect_near(hidden, [&](std::size_t i) { return std::max(0.0F, before[i]); });
        add_winners({points, neighbors, channels, winners.data(), g.data(), hidden.data(),
                     weight.data(), back.data(), sums.data()});
        const auto row_of = [&](std::size_t point, std::size_t c) {
            return point * neighbors + winners[point * channels + c];
        };
        const auto gradient = [&](std::size_t at) {
            const std::size_t row = at / channels, point = row / neighbors;
            return sum_over(channels, [&](std::size_t c) {
                return row_of(point, c) != row ? 0.0
                                               : static_cast<double>(g[point * channels + c]) *
                                                     weight[c * channels + at % channels];
            });
        };
        expect_near(back, gradient);
        expect_near(sums, [&](std::size_t at) {
            const std::size_t c = at / channels;
            return 0.5 + sum_over(points, [&](std::size_t point) {
                       return static_cast<double>(g[point * channels + c]) *
                              hidden[row_of(point, c) * channels + at % channels];
                   });
        });
        rectify_backward(hidden.data(), back.size(), back.data());
        expect_near(back, [&](std::size_t at) { return hidden[at] > 0 ? gradient(at) : 0.0; });
    }
}

DISTILLAR_EACH_TARGET(VectorLoops);

}  // namespace
}  // namespace distillar::kernels
