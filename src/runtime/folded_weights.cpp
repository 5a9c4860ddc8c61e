#include "runtime/folded_weights.hpp"

#include <cmath>

#include "base/error.hpp"
#include "runtime/expected_tensors.hpp"

namespace distillar::runtime {

namespace {

constexpr double norm_epsilon = 1e-5;

using Doubles = std::vector<double>;

/// A norm as values * factor + shift.
struct Affine {
    Doubles factor, shift;
};

/// A linear map in float64.
struct Map {
    std::size_t outputs = 0, inputs = 0;
    Doubles weight, bias;

    double& at(std::size_t o, std::size_t i) { return weight[o * inputs + i]; }
    double at(std::size_t o, std::size_t i) const { return weight[o * inputs + i]; }

    /// After it: values * factor + shift per output.
    void then(const Affine& affine) {
        for (std::size_t o = 0; o < outputs; ++o) {
            for (std::size_t i = 0; i < inputs; ++i) {
                at(o, i) *= affine.factor[o];
            }
            bias[o] = bias[o] * affine.factor[o] + affine.shift[o];
        }
    }

    /// Before it: values * factor + shift per input.
    void after(const Affine& affine) {
        for (std::size_t o = 0; o < outputs; ++o) {
            for (std::size_t i = 0; i < inputs; ++i) {
                bias[o] += at(o, i) * affine.shift[i];
                at(o, i) *= affine.factor[i];
            }
        }
    }
};

class Folder {
public:
    Folder(const formats::ModelFile& file, const std::string& source)
        : file_(file), source_(source), batch_(file.description.backbone.norm == "batchnorm") {}

    FoldedWeights run() {
        const auto& description = file_.description;
        FoldedWeights folded;
        folded.channels = static_cast<std::size_t>(description.backbone.channels);
        folded.inputs = description.input.features.size();
        folded.layer_norm = !batch_;
        folded.activation = description.backbone.activation == "gelu" ? kernels::Activation::gelu
                                                                      : kernels::Activation::relu;
        folded.embedding = embedding();
        for (int layer = 0; layer < description.backbone.depth; ++layer) {
            folded.layers.push_back(this->layer(layer));
        }
        folded.head = head(description.head.kind);
        return folded;
    }

private:
    Doubles read(const std::string& name) const {
        return formats::to_doubles(file_.tensors.at(name), name);
    }

    Affine norm(const std::string& name, bool batch) const {
        Affine affine{read(name + ".weight"), read(name + ".bias")};
        if (batch) {
            const Doubles mean = read(name + ".running_mean");
            const Doubles variance = read(name + ".running_var");
            for (std::size_t c = 0; c < mean.size(); ++c) {
                affine.factor[c] /= std::sqrt(variance[c] + norm_epsilon);
                affine.shift[c] -= mean[c] * affine.factor[c];
            }
        }
        return affine;
    }

    Affine scale(const std::string& name) const {
        Doubles factor = read(name);
        Doubles shift(factor.size());
        return {std::move(factor), std::move(shift)};
    }

    Map map(const std::string& name, bool bias) const {
        const auto& shape = file_.tensors.at(name + ".weight").shape;
        Map map;
        map.outputs = static_cast<std::size_t>(shape[0]);
        map.inputs = static_cast<std::size_t>(shape[1]);
        map.weight = read(name + ".weight");
        map.bias = bias ? read(name + ".bias") : Doubles(map.outputs);
        return map;
    }

    Values floats(const Doubles& values, const char* what) const {
        Values result(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            result[i] = static_cast<float>(values[i]);
            if (!std::isfinite(result[i])) {
                base::fail(
                    "{}: the weights of {} are not finite (or a running variance is negative); "
                    "train or convert the model again",
                    source_, what);
            }
        }
        return result;
    }

    FoldedLinear linear(const Map& map, const char* what) const {
        return {map.inputs, map.outputs, floats(map.weight, what), floats(map.bias, what)};
    }

    /// final([conv1(n(x)), h]) = (F1 P N) x + F2 h + ..., h from differences of n(x): its shift
    /// cancels in them.
    FoldedEmbedding embedding() const {
        const Affine input = norm("embed.norm", true);
        const Affine differences = norm("embed.conv2.0", true);
        Map first = map("embed.conv2.1", false);
        first.after(differences);
        for (std::size_t o = 0; o < first.outputs; ++o) {
            for (std::size_t i = 0; i < first.inputs; ++i) {
                first.at(o, i) *= input.factor[i];
            }
        }
        first.then(norm("embed.conv2.2", true));

        Map own = map("embed.conv1", true);
        own.after(input);
        const Map last = map("embed.final", true);
        const std::size_t channels = last.outputs;
        Map points{channels, own.inputs, Doubles(channels * own.inputs), last.bias};
        Map neighbors{channels, channels, Doubles(channels * channels), Doubles(channels)};
        for (std::size_t o = 0; o < channels; ++o) {
            for (std::size_t c = 0; c < channels; ++c) {
                for (std::size_t i = 0; i < own.inputs; ++i) {
                    points.at(o, i) += last.at(o, c) * own.at(c, i);
                }
                points.bias[o] += last.at(o, c) * own.bias[c];
                neighbors.at(o, c) = last.at(o, channels + c);
            }
        }
        constexpr const char* what = "embed";
        return {linear(first, what), linear(map("embed.conv2.4", false), what),
                linear(points, what), linear(neighbors, what)};
    }

    FoldedLayer layer(int index) const {
        const std::string spatial = fmt::format("waffleiron.spatial_mix.{}", index);
        const std::string channel = fmt::format("waffleiron.channel_mix.{}", index);
        FoldedLayer layer;
        const Affine cells = norm(spatial + ".norm", batch_);
        layer.cell_factor = floats(cells.factor, spatial.c_str());
        layer.cell_shift = floats(cells.shift, spatial.c_str());
        layer.first_taps = floats(read(spatial + ".ffn.0.weight"), spatial.c_str());
        layer.first_bias = floats(read(spatial + ".ffn.0.bias"), spatial.c_str());
        const std::size_t channels = layer.first_bias.size();
        Map second{channels, 9, read(spatial + ".ffn.2.weight"), read(spatial + ".ffn.2.bias")};
        second.then(scale(spatial + ".scale.weight"));
        layer.second_taps = floats(second.weight, spatial.c_str());
        layer.second_bias = floats(second.bias, spatial.c_str());
        Map expand = map(channel + ".mlp.0", true);
        expand.after(norm(channel + ".norm", batch_));
        layer.expand = linear(expand, channel.c_str());
        Map reduce = map(channel + ".mlp.2", true);
        reduce.then(scale(channel + ".scale.weight"));
        layer.reduce = linear(reduce, channel.c_str());
        return layer;
    }

    std::vector<FoldedLinear> head(const std::string& kind) const {
        if (kind.empty()) {
            return {};
        }
        if (kind == "linear") {
            return {linear(map("classif", true), "classif")};
        }
        if (kind == "mlp") {
            return {linear(map("classif.0", true), "classif.0"),
                    linear(map("classif.2", true), "classif.2")};
        }
        Map first = map("classif.1", true);
        first.after(norm("classif.0", true));
        std::vector<FoldedLinear> head{linear(first, "classif.1")};
        if (kind == "bn_mlp") {
            head.push_back(linear(map("classif.3", true), "classif.3"));
        }
        return head;
    }

    const formats::ModelFile& file_;
    const std::string& source_;
    bool batch_;
};

}  // namespace

FoldedWeights fold_weights(const formats::ModelFile& file, const std::string& source) {
    check_tensors(expected_tensors(file.description), file.tensors, source);
    return Folder(file, source).run();
}

}  // namespace distillar::runtime
