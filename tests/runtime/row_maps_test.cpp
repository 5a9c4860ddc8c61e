// Every row pass against plain loops, for every vector target.
#include "runtime/row_maps.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/each_target.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/random_values.hpp"

namespace distillar::runtime {
namespace {

using test::random_values;
using Values = std::vector<float>;
using Halves = std::vector<std::uint16_t>;

constexpr std::size_t sizes[] = {1, 5, 17, 48, 64, 256};

float value_of(std::uint16_t half) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

class RowMaps : public test::EachTarget {};

TEST_P(RowMaps, NarrowMapsWithAndWithoutRectifying) {
    for (const std::size_t channels : sizes) {
        const std::size_t rows = 7, inputs = 5;
        const Values x = random_values(rows * inputs, 1), bias = random_values(channels, 2);
        const Values factors = random_values(inputs * channels, 3);
        for (const bool relu : {false, true}) {
            const NarrowMap map{inputs, channels, factors.data(), bias.data(), relu};
            Values out(rows * channels);
            Halves halves(rows * channels);
            map_rows(map, x.data(), rows, out.data());
            map_rows(map, x.data(), rows, halves.data());
            for (std::size_t at = 0; at < out.size(); ++at) {
                double expected = bias[at % channels];
                for (std::size_t j = 0; j < inputs; ++j) {
                    expected += static_cast<double>(x[at / channels * inputs + j]) *
                                factors[j * channels + at % channels];
                }
                expected = relu ? std::max(0.0, expected) : expected;
                ASSERT_NEAR(out[at], expected, 1e-5) << channels;
                ASSERT_NEAR(value_of(halves[at]), out[at], std::abs(out[at]) / 256);
            }
        }
    }
}

TEST_P(RowMaps, CellsAndScales) {
    for (const std::size_t channels : sizes) {
        const Values cells = random_values(3 * channels, 1),
                     before = random_values(5 * channels, 2);
        const std::vector<std::int32_t> cell_of_point{2, 0, 1, 2, 2};
        Values tokens = before, scaled = before;
        add_cells(cells.data(), cell_of_point.data(), 5, channels, tokens.data());
        scale_row(cells.data(), cells.data() + channels, channels, scaled.data());
        for (std::size_t at = 0; at < tokens.size(); ++at) {
            const std::size_t c = at % channels;
            const auto cell = static_cast<std::size_t>(cell_of_point[at / channels]);
            ASSERT_EQ(tokens[at], before[at] + cells[cell * channels + c]);
            const float mapped = before[at] * cells[c] + cells[channels + c];
            ASSERT_NEAR(scaled[at], at < channels ? mapped : before[at], 1e-6);
        }
    }
}

TEST_P(RowMaps, NormalisedRowsAsBf16) {
    for (const std::size_t channels : sizes) {
        const std::size_t rows = 3;
        const Values x = random_values(rows * channels, 1);
        Values exact(x.size());
        Halves halves(x.size());
        kernels::normalise_rows(x.data(), rows, channels, exact.data(), nullptr, nullptr);
        normalise_rows(x.data(), rows, channels, halves.data());
        for (std::size_t at = 0; at < x.size(); ++at) {
            ASSERT_NEAR(value_of(halves[at]), exact[at], std::abs(exact[at]) / 256);
        }
    }
}

TEST_P(RowMaps, Bf16IsRoundedToNearestEven) {
    // Upper half 0x3F80 is 1, odd 0x3F81 the next; what follows decides, and in the middle: even.
    const std::pair<std::uint32_t, std::uint32_t> cases[] = {
        {0x3F800000, 0x3F80}, {0x3F807FFF, 0x3F80}, {0x3F808000, 0x3F80}, {0x3F808001, 0x3F81},
        {0x3F817FFF, 0x3F81}, {0x3F818000, 0x3F82}, {0xBF818000, 0xBF82}, {0x7F7FFFFF, 0x7F80},
        {0x00000000, 0x0000}, {0x80000000, 0x8000}, {0x7F800000, 0x7F80}};
    Values values;
    for (int i = 0; i < 5; ++i) {  // vectors of every size and a rest
        for (const auto& [bits, half] : cases) {
            values.push_back(std::bit_cast<float>(bits));
        }
    }
    Halves halves(values.size());
    convert(values.data(), values.size(), halves.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(halves[i], cases[i % std::size(cases)].second) << i;
    }
}

TEST_P(RowMaps, RowsAsBytes) {
    for (const std::size_t channels : sizes) {
        const std::size_t rows = 3;
        Values x = random_values(rows * channels, 1);
        x[0] = 1e30F;  // beyond all bytes
        Values inverse_steps = random_values(channels, 2);
        for (float& inverse : inverse_steps) {
            inverse = 40 * (0.1F + std::abs(inverse));
        }
        Values normed(x.size());
        kernels::normalise_rows(x.data(), rows, channels, normed.data(), nullptr, nullptr);
        for (const bool normalised : {false, true}) {
            std::vector<std::uint8_t> bytes(x.size());
            bytes_of_rows(x.data(), rows, channels, inverse_steps.data(), normalised, bytes.data());
            const Values& values = normalised ? normed : x;
            for (std::size_t at = normalised ? channels : 0; at < x.size(); ++at) {
                const double exact = double{values[at]} * inverse_steps[at % channels] + 128;
                ASSERT_NEAR(bytes[at], std::clamp(exact, 0.0, 255.0), 0.501) << channels;
            }
        }
    }
}

TEST_P(RowMaps, NarrowMapsAsBytes) {
    for (const std::size_t channels : sizes) {
        const std::size_t rows = 7, inputs = 5;
        Values x = random_values(rows * inputs, 1);
        for (float& value : x) {
            value *= 100;
        }
        const Values factors = random_values(inputs * channels, 3), bias(channels, 3.0F);
        const NarrowMap map{inputs, channels, factors.data(), bias.data(), true};
        Values exact(rows * channels);
        std::vector<std::uint8_t> bytes(rows * channels);
        map_rows(map, x.data(), rows, exact.data());
        map_rows(map, x.data(), rows, bytes.data());
        for (std::size_t at = 0; at < exact.size(); ++at) {
            ASSERT_NEAR(bytes[at], std::clamp(exact[at], 0.0F, 255.0F), 0.501) << channels;
        }
    }
}

DISTILLAR_EACH_TARGET(RowMaps);

}  // namespace
}  // namespace distillar::runtime
