#include "runtime/expected_tensors.hpp"

#include <set>

#include "base/error.hpp"

namespace distillar::runtime {

namespace {

using Shape = std::vector<std::int64_t>;

class List {
public:
    std::vector<ExpectedTensor> tensors;

    void add(const std::string& name, const Shape& shape) { tensors.push_back({name, shape}); }

    void linear(const std::string& name, std::int64_t outputs, std::int64_t inputs, bool bias,
                bool planar = false) {
        add(name + ".weight", planar ? Shape{outputs, inputs, 1, 1} : Shape{outputs, inputs, 1});
        if (bias) {
            add(name + ".bias", {outputs});
        }
    }

    void norm(const std::string& name, std::int64_t channels, bool batch) {
        add(name + ".weight", {channels});
        add(name + ".bias", {channels});
        if (batch) {
            add(name + ".running_mean", {channels});
            add(name + ".running_var", {channels});
        }
    }

    void depthwise(const std::string& name, std::int64_t channels) {
        add(name + ".weight", {channels, 1, 3, 3});
        add(name + ".bias", {channels});
    }
};

void add_head(const formats::ModelDescription& description, List& list) {
    const auto& head = description.head;
    const std::int64_t channels = description.backbone.channels;
    const std::int64_t hidden = head.hidden > 0 ? head.hidden : channels;
    if (head.kind == "linear") {
        list.linear("classif", head.outputs, channels, true);
    } else if (head.kind == "mlp") {
        list.linear("classif.0", hidden, channels, true);
        list.linear("classif.2", head.outputs, hidden, true);
    } else if (head.kind == "bn_linear") {
        list.norm("classif.0", channels, true);
        list.linear("classif.1", head.outputs, channels, true);
    } else if (head.kind == "bn_mlp") {
        list.norm("classif.0", channels, true);
        list.linear("classif.1", hidden, channels, true);
        list.linear("classif.3", head.outputs, hidden, true);
    }
}

bool is_float(formats::Dtype dtype) {
    using formats::Dtype;
    return dtype == Dtype::f64 || dtype == Dtype::f32 || dtype == Dtype::f16 ||
           dtype == Dtype::bf16;
}

/// "; missing a, b (and 3 more)", or nothing.
std::string listed(const char* what, const std::vector<std::string>& names) {
    constexpr std::size_t shown = 8;
    if (names.empty()) {
        return "";
    }
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(shown, names.size()));
    std::string text = fmt::format("; {} {}", what, fmt::join(names.begin(), end, ", "));
    if (names.size() > shown) {
        text += fmt::format(" (and {} more)", names.size() - shown);
    }
    return text;
}

}  // namespace

std::vector<ExpectedTensor> expected_tensors(const formats::ModelDescription& description) {
    const std::int64_t channels = description.backbone.channels;
    const auto inputs = static_cast<std::int64_t>(description.input.features.size());
    const bool batch = description.backbone.norm == "batchnorm";
    List list;
    list.norm("embed.norm", inputs, true);
    list.linear("embed.conv1", channels, inputs, true);
    list.norm("embed.conv2.0", inputs, true);
    list.linear("embed.conv2.1", channels, inputs, false, true);
    list.norm("embed.conv2.2", channels, true);
    list.linear("embed.conv2.4", channels, channels, false, true);
    list.linear("embed.final", channels, 2 * channels, true);
    for (int layer = 0; layer < description.backbone.depth; ++layer) {
        const std::string spatial = fmt::format("waffleiron.spatial_mix.{}", layer);
        list.norm(spatial + ".norm", channels, batch);
        list.depthwise(spatial + ".ffn.0", channels);
        list.depthwise(spatial + ".ffn.2", channels);
        list.add(spatial + ".scale.weight", {channels, 1, 1});
        const std::string channel = fmt::format("waffleiron.channel_mix.{}", layer);
        list.norm(channel + ".norm", channels, batch);
        list.linear(channel + ".mlp.0", channels, channels, true);
        list.linear(channel + ".mlp.2", channels, channels, true);
        list.add(channel + ".scale.weight", {channels, 1, 1});
    }
    add_head(description, list);
    return std::move(list.tensors);
}

void check_tensors(const std::vector<ExpectedTensor>& expected, const formats::Tensors& tensors,
                   const std::string& source) {
    std::vector<std::string> missing, extra, misshaped;
    std::set<std::string> known;
    for (const auto& [name, shape] : expected) {
        known.insert(name);
        const auto found = tensors.find(name);
        if (found == tensors.end()) {
            missing.push_back(name);
        } else if (found->second.shape != shape) {
            misshaped.push_back(fmt::format("{} is [{}], needs [{}]", name,
                                            fmt::join(found->second.shape, ", "),
                                            fmt::join(shape, ", ")));
        } else if (!is_float(found->second.dtype)) {
            misshaped.push_back(
                fmt::format("{} is {}, needs floats", name, formats::name_of(found->second.dtype)));
        }
    }
    for (const auto& [name, tensor] : tensors) {
        if (!known.contains(name) && !name.ends_with("num_batches_tracked")) {
            extra.push_back(name);
        }
    }
    const std::string problems =
        listed("missing", missing) + listed("extra", extra) + listed("mis-shaped", misshaped);
    if (!problems.empty()) {
        base::fail("{}: weights do not fit the network{}; check channels, depth, norm and head",
                   source, problems);
    }
}

}  // namespace distillar::runtime
