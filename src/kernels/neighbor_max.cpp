#include "kernels/neighbor_max.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"
#include "kernels/chunks.hpp"
#include "kernels/gemm.hpp"
#include "kernels/neighbor_rows.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {

namespace {

/// Points handled together: about two hundred rows of K neighbours.
std::size_t points_a_block(const NeighborMax& layer) {
    return std::max<std::size_t>(1, 192 / layer.neighbors);
}

void gather(const NeighborMax& layer, std::size_t begin, std::size_t count, float* out) {
    gather_differences(layer.features, layer.inputs, layer.indices, layer.neighbors, begin, count,
                       out);
}

/// Sums of differences and of their products, one chunk of points.
struct MomentSums {
    std::vector<double> sum, products;
};

MomentSums sums_of(const NeighborMax& layer, std::size_t begin, std::size_t end) {
    const std::size_t inputs = layer.inputs;
    MomentSums sums{std::vector<double>(inputs), std::vector<double>(inputs * inputs)};
    std::vector<float> differences(layer.neighbors * inputs);
    std::vector<double> row(inputs);
    for (std::size_t point = begin; point < end; ++point) {
        gather(layer, point, 1, differences.data());
        for (std::size_t k = 0; k < layer.neighbors; ++k) {
            std::copy_n(differences.begin() + static_cast<std::ptrdiff_t>(k * inputs), inputs,
                        row.begin());
            for (std::size_t i = 0; i < inputs; ++i) {
                sums.sum[i] += row[i];
                for (std::size_t j = 0; j <= i; ++j) {
                    sums.products[i * inputs + j] += row[i] * row[j];
                }
            }
        }
    }
    return sums;
}

class Backward {
public:
    Backward(const NeighborMax& layer, const std::uint8_t* winners, const float* gradient,
             const NeighborMaxGradients& out)
        : layer_(layer),
          winners_(winners),
          gradient_(gradient),
          out_(out),
          hidden_map_(layer.map, layer.inputs, layer.channels, 1, layer.inputs, layer.shift),
          input_map_(layer.map, layer.channels, layer.inputs, layer.inputs, 1) {}

    void run() {
        const std::size_t channels = layer_.channels;
        const std::size_t size = channels * channels + (layer_.inputs + 1) * channels;
        const std::size_t block = points_a_block(layer_);
        Buffer sums(size);
        sum_over_chunks(chunks_of(layer_.points, block, size), size, sums.data(),
                        [&](std::size_t begin, std::size_t end, float* partial) {
                            const std::size_t rows = block * layer_.neighbors;
                            Buffer differences(rows * layer_.inputs), hidden(rows * channels),
                                hidden_gradient(rows * channels);
                            for (std::size_t i = begin; i < end; i += block) {
                                add_block(i, std::min(block, end - i), differences.data(),
                                          hidden.data(), hidden_gradient.data(), partial);
                            }
                        });
        std::memcpy(out_.weight, sums.data(), channels * channels * sizeof(float));
        const float* map = sums.data() + channels * channels;  // Cin x C, then the shift
        for (std::size_t c = 0; c < channels; ++c) {
            for (std::size_t j = 0; j < layer_.inputs; ++j) {
                out_.map[c * layer_.inputs + j] = map[j * channels + c];
            }
            out_.shift[c] = map[layer_.inputs * channels + c];
        }
    }

private:
    void add_block(std::size_t begin, std::size_t count, float* differences, float* hidden,
                   float* hidden_gradient, float* partial) {
        const std::size_t channels = layer_.channels;
        const std::size_t rows = count * layer_.neighbors;
        gather(layer_, begin, count, differences);
        multiply(differences, layer_.inputs, rows, hidden_map_, hidden, channels);
        rectify(hidden, rows * channels);
        std::memset(hidden_gradient, 0, rows * channels * sizeof(float));
        add_winners({count, layer_.neighbors, channels, winners_ + begin * channels,
                     gradient_ + begin * channels, hidden, layer_.weight, hidden_gradient,
                     partial});
        rectify_backward(hidden, rows * channels, hidden_gradient);
        float* map = partial + channels * channels;
        add_transposed_product(differences, layer_.inputs, layer_.inputs, hidden_gradient, channels,
                               channels, rows, map);
        add_rows(hidden_gradient, rows, channels, map + layer_.inputs * channels);
        if (out_.differences != nullptr) {
            multiply(hidden_gradient, channels, rows, input_map_,
                     out_.differences + begin * layer_.neighbors * layer_.inputs, layer_.inputs);
        }
    }

    const NeighborMax& layer_;
    const std::uint8_t* winners_;
    const float* gradient_;
    const NeighborMaxGradients& out_;
    Factor hidden_map_, input_map_;
};

}  // namespace

void neighbor_max_forward(const NeighborMax& layer, float* out, std::uint8_t* winners) {
    const std::size_t channels = layer.channels;
    const std::size_t block = points_a_block(layer);
    const Factor map(layer.map, layer.inputs, channels, 1, layer.inputs, layer.shift);
    const Factor weight(layer.weight, channels, channels, 1, channels);
    base::parallel_for(layer.points, 32 * block, [&](std::size_t begin, std::size_t end) {
        const std::size_t most = block * layer.neighbors;
        Buffer differences(most * layer.inputs), hidden(most * channels), mapped(most * channels);
        for (std::size_t first = begin; first < end; first += block) {
            const std::size_t count = std::min(block, end - first);
            const std::size_t rows = count * layer.neighbors;
            gather(layer, first, count, differences.data());
            multiply(differences.data(), layer.inputs, rows, map, hidden.data(), channels);
            rectify(hidden.data(), rows * channels);
            multiply(hidden.data(), channels, rows, weight, mapped.data(), channels);
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t offset = (first + i) * channels;
                maximum_of_rows(mapped.data() + i * layer.neighbors * channels, layer.neighbors,
                                channels, out + offset,
                                winners == nullptr ? nullptr : winners + offset);
            }
        }
    });
}

void neighbor_max_backward(const NeighborMax& layer, const std::uint8_t* winners,
                           const float* gradient, const NeighborMaxGradients& out) {
    Backward(layer, winners, gradient, out).run();
}

DifferenceMoments difference_moments(const float* features, const std::int64_t* indices,
                                     std::size_t points, std::size_t neighbors,
                                     std::size_t inputs) {
    constexpr std::size_t chunk = 1024;
    NeighborMax layer;
    layer.neighbors = neighbors;
    layer.inputs = inputs;
    layer.features = features;
    layer.indices = indices;
    std::vector<MomentSums> partials((points + chunk - 1) / chunk);
    base::parallel_for(points, chunk, [&](std::size_t begin, std::size_t end) {
        partials[begin / chunk] = sums_of(layer, begin, end);
    });
    DifferenceMoments moments{std::vector<double>(inputs), std::vector<double>(inputs * inputs)};
    const double share = 1.0 / static_cast<double>(std::max<std::size_t>(1, points * neighbors));
    for (const MomentSums& partial : partials) {
        for (std::size_t i = 0; i < inputs; ++i) {
            moments.mean[i] += partial.sum[i] * share;
            for (std::size_t j = 0; j <= i; ++j) {
                moments.covariance[i * inputs + j] += partial.products[i * inputs + j] * share;
            }
        }
    }
    for (std::size_t i = 0; i < inputs; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            const double value =
                moments.covariance[i * inputs + j] - moments.mean[i] * moments.mean[j];
            moments.covariance[i * inputs + j] = value;
            moments.covariance[j * inputs + i] = value;
        }
    }
    return moments;
}

}  // namespace distillar::kernels
