// The kernels one by one, each for every vector target that this processor has: argument "target"
// counts from the best one (0) to plain loops, whose time is the reference. One thread, 256
// channels; data of about the size that a block or a small plane has.
//   bench-kernels --benchmark_filter=layer_norm
#include <benchmark/benchmark.h>

#include <hwy/targets.h>

#include "base/random.hpp"
#include "base/thread_pool.hpp"
#include "kernels/activation.hpp"
#include "kernels/batch_norm.hpp"
#include "kernels/channel_mix.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/neighbor_max.hpp"
#include "kernels/rows.hpp"
#include "kernels/spatial_mix.hpp"
#include "runtime/row_maps.hpp"

namespace {

using namespace distillar;
using Values = std::vector<float>;

constexpr std::size_t channels = 256;
constexpr std::size_t block = 192;  // rows that stay in the cache together

Values values(std::size_t count, std::uint64_t address) {
    base::Random random(1, 0, address);
    Values out(count);
    for (float& value : out) {
        value = static_cast<float>(random.normal());
    }
    return out;
}

/// Runs `body` on one thread with the wanted target.
template <typename Body>
void run(benchmark::State& state, const Body& body) {
    base::set_thread_count(1);
    hwy::SetSupportedTargetsForTest(0);
    const auto targets = hwy::SupportedAndGeneratedTargets();
    const auto target = targets[static_cast<std::size_t>(state.range(0))];
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    state.SetLabel(hwy::TargetName(target));
    for (auto _ : state) {
        body();
        benchmark::ClobberMemory();
    }
}

void activations(benchmark::State& state) {
    const Values x = values(block * channels, 1);
    Values out(x.size());
    run(state,
        [&] { kernels::activate(kernels::Activation::gelu, x.data(), x.size(), out.data()); });
}

void activations_backward(benchmark::State& state) {
    const Values x = values(block * channels, 1), slope(x.size(), 1);
    Values out(x.size()), gradient(x.size());
    run(state, [&] {
        gradient = slope;
        kernels::activate_backward(kernels::Activation::gelu, x.data(), x.size(), out.data(),
                                   gradient.data());
    });
}

void layer_norm(benchmark::State& state) {
    const Values x = values(block * channels, 1);
    Values out(x.size());
    run(state,
        [&] { kernels::normalise_rows(x.data(), block, channels, out.data(), nullptr, nullptr); });
}

void layer_norm_bf16(benchmark::State& state) {
    const Values x = values(block * channels, 1);
    std::vector<std::uint16_t> out(x.size());
    run(state, [&] { runtime::normalise_rows(x.data(), block, channels, out.data()); });
}

void layer_norm_backward(benchmark::State& state) {
    const Values x = values(block * channels, 1), g = values(x.size(), 2);
    const Values inverses(block, 1);
    Values out(x.size());
    run(state, [&] {
        kernels::normalise_rows_backward(g.data(), x.data(), inverses.data(), g.data(), block,
                                         channels, out.data());
    });
}

void batch_norm(benchmark::State& state) {
    const Values x = values(10 * block * channels, 1);
    Values out(x.size()), mean(channels), variance(channels);
    run(state, [&] {
        kernels::column_moments(x.data(), 10 * block, channels, mean.data(), variance.data());
        kernels::scale_columns(x.data(), 10 * block, channels, variance.data(), mean.data(),
                               out.data());
    });
}

void batch_norm_backward(benchmark::State& state) {
    const Values x = values(10 * block * channels, 1), g = values(x.size(), 2);
    const Values mean(channels), inverse(channels, 1), weight(channels, 1);
    Values out(x.size()), weight_gradient(channels), bias_gradient(channels);
    run(state, [&] {
        kernels::batch_norm_backward(
            {10 * block, channels, x.data(), mean.data(), inverse.data(), weight.data(), true},
            g.data(), out.data(), weight_gradient.data(), bias_gradient.data());
    });
}

void row_passes(benchmark::State& state) {
    const Values x = values(block * channels, 1), y = values(x.size(), 2);
    const Values factors = values(block, 3), shift = values(channels, 4);
    Values out(x.size()), sum(channels);
    run(state, [&] {
        kernels::add_rows(x.data(), block, channels, sum.data());
        kernels::add_scaled_rows(x.data(), y.data(), factors.data(), block, channels, out.data());
        kernels::scale_rows(x.data(), factors.data(), block, channels, out.data());
        kernels::apply_affine(x.data(), shift.data(), shift.data(), block, channels, out.data());
    });
}

void narrow_map(benchmark::State& state) {
    const std::size_t inputs = 5;
    const Values x = values(block * inputs, 1), map = values(inputs * channels, 2);
    const Values bias = values(channels, 3);
    Values out(block * channels);
    run(state, [&] {
        runtime::map_rows({inputs, channels, map.data(), bias.data(), true}, x.data(), block,
                          out.data());
    });
}

/// Points on a fiftieth of a plane, a few a cell.
struct Plane {
    kernels::PlaneTable table;
    explicit Plane(std::size_t points) {
        base::Random random(1, 2, 3);
        std::vector<std::int32_t> cells(points);
        for (auto& cell : cells) {
            cell = static_cast<std::int32_t>(random.below(50) * 250 + random.below(50));
        }
        table = kernels::make_plane_table(cells, 250, 250);
    }
};

void plane_table(benchmark::State& state) {
    base::Random random(1, 2, 3);
    std::vector<std::int32_t> cells(15000);
    for (auto& cell : cells) {
        cell = static_cast<std::int32_t>(random.below(250 * 250));
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(kernels::make_plane_table(cells, 250, 250));
    }
}

/// A mixing layer's parameters and what its two passes write.
template <typename Mix>
struct MixCase {
    static constexpr std::size_t points = 2000;
    Values tokens = values(points * channels, 1), gradient = values(tokens.size(), 2);
    Values vector = values(channels, 3), matrix;
    Values means = Values(points), inverses = Values(points), out = Values(tokens.size());
    std::vector<Values> gradients;
    Mix mix;

    explicit MixCase(std::size_t weights) : matrix(values(weights, 4)) {
        for (const std::size_t size :
             {channels, channels, weights, channels, weights, channels, channels, tokens.size()}) {
            gradients.emplace_back(size);
        }
        mix.channels = channels;
        mix.norm_weight = mix.norm_bias = mix.scale = vector.data();
        mix.first_bias = mix.second_bias = vector.data();
        mix.first = mix.second = matrix.data();
        mix.input = tokens.data();
    }
    template <typename Gradients>
    Gradients results() {
        auto& g = gradients;
        return {g[0].data(), g[1].data(), g[2].data(), g[3].data(), g[4].data(),
                g[5].data(), g[6].data(), g[7].data(), true};
    }
};

struct SpatialCase : MixCase<kernels::SpatialMix> {
    Plane plane{points};
    Values cells, hidden;
    kernels::SpatialMixSaved saved;
    SpatialCase()
        : MixCase(9 * channels),
          cells(static_cast<std::size_t>(plane.table.occupied) * channels),
          hidden(static_cast<std::size_t>(plane.table.reached) * channels),
          saved{means.data(), inverses.data(), cells.data(), hidden.data()} {
        mix.table = &plane.table;
    }
};

void plane_mixing(benchmark::State& state) {
    SpatialCase made;
    run(state, [&] {
        kernels::spatial_mix_forward(made.mix, made.tokens.data(), made.saved, made.out.data());
    });
}

void plane_mixing_backward(benchmark::State& state) {
    SpatialCase made;
    kernels::spatial_mix_forward(made.mix, made.tokens.data(), made.saved, made.out.data());
    run(state, [&] {
        kernels::spatial_mix_backward(made.mix, made.saved, made.gradient.data(),
                                      made.results<kernels::SpatialMixGradients>());
    });
}

struct ChannelCase : MixCase<kernels::ChannelMix> {
    Values hidden = Values(tokens.size());
    kernels::ChannelMixSaved saved{means.data(), inverses.data(), hidden.data()};
    ChannelCase() : MixCase(channels * channels) { mix.points = points; }
};

void channel_mix(benchmark::State& state) {
    ChannelCase made;
    run(state, [&] {
        kernels::channel_mix_forward(made.mix, made.tokens.data(), &made.saved, made.out.data());
    });
}

void channel_mix_backward(benchmark::State& state) {
    ChannelCase made;
    kernels::channel_mix_forward(made.mix, made.tokens.data(), &made.saved, made.out.data());
    run(state, [&] {
        kernels::channel_mix_backward(made.mix, made.saved, made.gradient.data(),
                                      made.results<kernels::ChannelMixGradients>());
    });
}

struct NeighborCase {
    static constexpr std::size_t points = 500, neighbors = 16, inputs = 5;
    Values x = values(points * inputs, 1), map = values(channels * inputs, 2);
    Values shift = values(channels, 3), weight = values(channels * channels, 4);
    Values gradient = values(points * channels, 5), out = Values(gradient.size());
    Values map_gradient = Values(map.size()), shift_gradient = Values(channels);
    Values weight_gradient = Values(weight.size());
    std::vector<std::int64_t> indices = std::vector<std::int64_t>(points * neighbors);
    std::vector<std::uint8_t> winners = std::vector<std::uint8_t>(out.size());
    kernels::NeighborMax layer{points,         neighbors,  inputs,       channels,     x.data(),
                               indices.data(), map.data(), shift.data(), weight.data()};
    NeighborCase() {
        base::Random random(1, 2, 3);
        for (auto& index : indices) {
            index = random.below(points);
        }
    }
};

void neighbor_max(benchmark::State& state) {
    NeighborCase made;
    run(state,
        [&] { kernels::neighbor_max_forward(made.layer, made.out.data(), made.winners.data()); });
}

void neighbor_max_backward(benchmark::State& state) {
    NeighborCase made;
    kernels::neighbor_max_forward(made.layer, made.out.data(), made.winners.data());
    run(state, [&] {
        kernels::neighbor_max_backward(made.layer, made.winners.data(), made.gradient.data(),
                                       {made.map_gradient.data(), made.shift_gradient.data(),
                                        made.weight_gradient.data(), nullptr});
    });
}

/// One argument a target.
void every_target(benchmark::internal::Benchmark* made) {
    const auto count = hwy::SupportedAndGeneratedTargets().size();
    made->ArgName("target")->DenseRange(0, static_cast<std::int64_t>(count) - 1);
    made->Unit(benchmark::kMicrosecond);
}

BENCHMARK(activations)->Apply(every_target);
BENCHMARK(activations_backward)->Apply(every_target);
BENCHMARK(layer_norm)->Apply(every_target);
BENCHMARK(layer_norm_bf16)->Apply(every_target);
BENCHMARK(layer_norm_backward)->Apply(every_target);
BENCHMARK(batch_norm)->Apply(every_target);
BENCHMARK(batch_norm_backward)->Apply(every_target);
BENCHMARK(row_passes)->Apply(every_target);
BENCHMARK(narrow_map)->Apply(every_target);
BENCHMARK(plane_table)->Unit(benchmark::kMicrosecond);
BENCHMARK(plane_mixing)->Apply(every_target);
BENCHMARK(plane_mixing_backward)->Apply(every_target);
BENCHMARK(channel_mix)->Apply(every_target);
BENCHMARK(channel_mix_backward)->Apply(every_target);
BENCHMARK(neighbor_max)->Apply(every_target);
BENCHMARK(neighbor_max_backward)->Apply(every_target);

}  // namespace

BENCHMARK_MAIN();
