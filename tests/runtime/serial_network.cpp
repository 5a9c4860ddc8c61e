#include "runtime/serial_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace distillar::test {

namespace {

using Doubles = std::vector<double>;

/// N x channels.
struct Rows {
    std::size_t count = 0, channels = 0;
    Doubles values;
    Rows(std::size_t n, std::size_t c) : count(n), channels(c), values(n * c) {}
    double& at(std::size_t i, std::size_t c) { return values[i * channels + c]; }
    double at(std::size_t i, std::size_t c) const { return values[i * channels + c]; }
};

class Serial {
public:
    Serial(const formats::ModelFile& file, const SerialInput& input)
        : file_(file), input_(input), gelu_(file.description.backbone.activation == "gelu") {}

    Doubles run() const {
        Rows tokens = embed();
        const auto& grids = file_.description.input.grids;
        for (int layer = 0; layer < file_.description.backbone.depth; ++layer) {
            const std::size_t grid = static_cast<std::size_t>(layer) % grids.size();
            mix_plane(layer, grids[grid], input_.cells[grid], tokens);
            mix_channels(layer, tokens);
        }
        return head(tokens).values;
    }

private:
    Doubles read(const std::string& name) const {
        return formats::to_doubles(file_.tensors.at(name), name);
    }

    double activated(double x) const {
        return gelu_ ? 0.5 * x * std::erfc(-x / std::sqrt(2.0)) : std::max(0.0, x);
    }

    Rows batch_norm(const std::string& name, const Rows& x) const {
        const Doubles weight = read(name + ".weight"), bias = read(name + ".bias"),
                      mean = read(name + ".running_mean"), variance = read(name + ".running_var");
        Rows out(x.count, x.channels);
        for (std::size_t i = 0; i < x.count; ++i) {
            for (std::size_t c = 0; c < x.channels; ++c) {
                out.at(i, c) =
                    (x.at(i, c) - mean[c]) / std::sqrt(variance[c] + 1e-5) * weight[c] + bias[c];
            }
        }
        return out;
    }

    Rows norm(const std::string& name, const Rows& x) const {
        if (file_.description.backbone.norm == "batchnorm") {
            return batch_norm(name, x);
        }
        const Doubles weight = read(name + ".weight"), bias = read(name + ".bias");
        Rows out(x.count, x.channels);
        const auto channels = static_cast<double>(x.channels);
        for (std::size_t i = 0; i < x.count; ++i) {
            double mean = 0, variance = 0;
            for (std::size_t c = 0; c < x.channels; ++c) {
                mean += x.at(i, c) / channels;
            }
            for (std::size_t c = 0; c < x.channels; ++c) {
                variance += std::pow(x.at(i, c) - mean, 2) / channels;
            }
            for (std::size_t c = 0; c < x.channels; ++c) {
                out.at(i, c) =
                    (x.at(i, c) - mean) / std::sqrt(variance + 1e-5) * weight[c] + bias[c];
            }
        }
        return out;
    }

    Rows linear(const std::string& name, const Rows& x, bool has_bias) const {
        const Doubles weight = read(name + ".weight");
        const auto outputs =
            static_cast<std::size_t>(file_.tensors.at(name + ".weight").shape.front());
        const Doubles bias = has_bias ? read(name + ".bias") : Doubles(outputs);
        Rows out(x.count, outputs);
        for (std::size_t i = 0; i < x.count; ++i) {
            for (std::size_t o = 0; o < outputs; ++o) {
                double sum = bias[o];
                for (std::size_t c = 0; c < x.channels; ++c) {
                    sum += weight[o * x.channels + c] * x.at(i, c);
                }
                out.at(i, o) = sum;
            }
        }
        return out;
    }

    Rows embed() const {
        const std::size_t points = input_.points;
        const std::size_t inputs = input_.features.size() / points;
        const std::size_t neighbors = input_.neighbors.size() / points;
        Rows x(points, inputs);
        x.values.assign(input_.features.begin(), input_.features.end());
        x = batch_norm("embed.norm", x);
        const Rows own = linear("embed.conv1", x, true);
        Rows differences(points * neighbors, inputs);
        for (std::size_t i = 0; i < points * neighbors; ++i) {
            for (std::size_t c = 0; c < inputs; ++c) {
                differences.at(i, c) =
                    x.at(static_cast<std::size_t>(input_.neighbors[i]), c) - x.at(i / neighbors, c);
            }
        }
        Rows hidden =
            batch_norm("embed.conv2.2",
                       linear("embed.conv2.1", batch_norm("embed.conv2.0", differences), false));
        for (double& value : hidden.values) {
            value = std::max(0.0, value);
        }
        hidden = linear("embed.conv2.4", hidden, false);
        Rows both(points, 2 * own.channels);
        for (std::size_t i = 0; i < points; ++i) {
            for (std::size_t c = 0; c < own.channels; ++c) {
                double largest = -std::numeric_limits<double>::infinity();
                for (std::size_t k = 0; k < neighbors; ++k) {
                    largest = std::max(largest, hidden.at(i * neighbors + k, c));
                }
                both.at(i, c) = own.at(i, c);
                both.at(i, own.channels + c) = largest;
            }
        }
        return linear("embed.final", both, true);
    }

    /// Zero padding.
    Rows depthwise(const std::string& name, const geometry::PlaneGrid& grid, const Rows& x) const {
        const Doubles weight = read(name + ".weight"), bias = read(name + ".bias");
        Rows out(x.count, x.channels);
        for (int row = 0; row < grid.rows; ++row) {
            for (int column = 0; column < grid.columns; ++column) {
                for (std::size_t c = 0; c < x.channels; ++c) {
                    double sum = bias[c];
                    for (int tap = 0; tap < 9; ++tap) {
                        const int r = row + tap / 3 - 1, q = column + tap % 3 - 1;
                        if (r >= 0 && r < grid.rows && q >= 0 && q < grid.columns) {
                            sum += weight[9 * c + static_cast<std::size_t>(tap)] *
                                   x.at(static_cast<std::size_t>(r * grid.columns + q), c);
                        }
                    }
                    out.at(static_cast<std::size_t>(row * grid.columns + column), c) = sum;
                }
            }
        }
        return out;
    }

    void mix_plane(int layer, const geometry::PlaneGrid& grid,
                   const std::vector<std::int32_t>& cells, Rows& tokens) const {
        const std::string name = fmt::format("waffleiron.spatial_mix.{}", layer);
        const Rows normed = norm(name + ".norm", tokens);
        Rows plane(static_cast<std::size_t>(grid.rows * grid.columns), tokens.channels);
        Doubles counts(plane.count);
        for (std::size_t i = 0; i < tokens.count; ++i) {
            const auto cell = static_cast<std::size_t>(cells[i]);
            counts[cell] += 1;
            for (std::size_t c = 0; c < tokens.channels; ++c) {
                plane.at(cell, c) += normed.at(i, c);
            }
        }
        for (std::size_t cell = 0; cell < plane.count; ++cell) {
            for (std::size_t c = 0; c < tokens.channels; ++c) {
                plane.at(cell, c) /= std::max(1.0, counts[cell]);
            }
        }
        plane = depthwise(name + ".ffn.0", grid, plane);
        for (double& value : plane.values) {
            value = activated(value);
        }
        plane = depthwise(name + ".ffn.2", grid, plane);
        const Doubles scale = read(name + ".scale.weight");
        for (std::size_t i = 0; i < tokens.count; ++i) {
            for (std::size_t c = 0; c < tokens.channels; ++c) {
                tokens.at(i, c) += scale[c] * plane.at(static_cast<std::size_t>(cells[i]), c);
            }
        }
    }

    void mix_channels(int layer, Rows& tokens) const {
        const std::string name = fmt::format("waffleiron.channel_mix.{}", layer);
        Rows rows = linear(name + ".mlp.0", norm(name + ".norm", tokens), true);
        for (double& value : rows.values) {
            value = activated(value);
        }
        rows = linear(name + ".mlp.2", rows, true);
        const Doubles scale = read(name + ".scale.weight");
        for (std::size_t i = 0; i < tokens.values.size(); ++i) {
            tokens.values[i] += scale[i % tokens.channels] * rows.values[i];
        }
    }

    Rows head(const Rows& tokens) const {
        const std::string& kind = file_.description.head.kind;
        if (kind.empty()) {
            return tokens;
        }
        if (kind == "linear") {
            return linear("classif", tokens, true);
        }
        const bool normed = kind.starts_with("bn_");
        const Rows rows = normed ? batch_norm("classif.0", tokens) : tokens;
        if (kind == "bn_linear") {
            return linear("classif.1", rows, true);
        }
        Rows hidden = linear(normed ? "classif.1" : "classif.0", rows, true);
        for (double& value : hidden.values) {
            value = std::max(0.0, value);
        }
        return linear(normed ? "classif.3" : "classif.2", hidden, true);
    }

    const formats::ModelFile& file_;
    const SerialInput& input_;
    bool gelu_;
};

}  // namespace

std::vector<double> serial_network(const formats::ModelFile& file, const SerialInput& input) {
    return Serial(file, input).run();
}

}  // namespace distillar::test
