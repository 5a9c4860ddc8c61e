// network_of: which entries of a published checkpoint are the network.
#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace {

constexpr std::array wrappers{"net.", "model_point.", "model_points."};
constexpr std::array ignored{"optim.",     "optimizer.", "optimiser.",
                             "scheduler.", "scaler.",    "epoch"};
constexpr std::array network_parts{"embed.", "waffleiron.", "classif."};

template <typename Prefixes>
bool starts_with_any(const std::string& name, const Prefixes& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const char* prefix) { return name.starts_with(prefix); });
}

std::string stripped(std::string name) {
    constexpr std::string_view module = "module.";
    return name.starts_with(module) ? name.substr(module.size()) : name;
}

/// Entries that start with `prefix`, without it and without "module.".
formats::Tensors entries_under(const formats::Tensors& checkpoint, const std::string& prefix) {
    formats::Tensors network;
    for (const auto& [name, tensor] : checkpoint) {
        if (name.starts_with(prefix) && !starts_with_any(name, ignored)) {
            network.emplace(stripped(name.substr(prefix.size())), tensor);
        }
    }
    return network;
}

/// The first parts of all names: what the file holds instead.
std::string top_names(const formats::Tensors& checkpoint) {
    std::set<std::string> names;
    for (const auto& [name, tensor] : checkpoint) {
        names.insert(name.substr(0, name.find('.')));
        if (names.size() == 8) {
            break;
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

formats::Tensors network_of(const formats::Tensors& checkpoint, const std::string& source) {
    for (const char* wrapper : wrappers) {
        formats::Tensors network = entries_under(checkpoint, wrapper);
        if (!network.empty()) {
            return network;
        }
    }
    formats::Tensors network = entries_under(checkpoint, "");
    const bool known = std::any_of(network.begin(), network.end(), [](const auto& entry) {
        return starts_with_any(entry.first, network_parts);
    });
    if (!known) {
        base::fail(
            "{}: no network under net, model_point, model_points or the top level; it has "
            "{}: is this a checkpoint of a point backbone?",
            source, checkpoint.empty() ? "no tensors" : top_names(checkpoint));
    }
    return network;
}

}  // namespace distillar::models
