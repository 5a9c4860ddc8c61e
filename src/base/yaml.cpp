#include "base/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"

namespace distillar::base {

namespace {

std::string joined(const std::string& place, std::string_view key) {
    return place.empty() ? std::string(key) : place + "." + std::string(key);
}

template <typename T>
struct Name;
template <>
struct Name<bool> {
    static constexpr const char* text = "true or false";
};
template <>
struct Name<int> {
    static constexpr const char* text = "a whole number";
};
template <>
struct Name<std::int64_t> {
    static constexpr const char* text = "a whole number";
};
template <>
struct Name<std::uint64_t> {
    static constexpr const char* text = "a whole number >= 0";
};
template <>
struct Name<float> {
    static constexpr const char* text = "a number";
};
template <>
struct Name<double> {
    static constexpr const char* text = "a number";
};
template <>
struct Name<std::string> {
    static constexpr const char* text = "text";
};

template <typename T>
struct Item {};  // T is no list
template <typename T>
struct Item<std::vector<T>> {
    using Type = T;
};

template <typename T>
concept List = requires {
    typename Item<T>::Type;
};

}  // namespace

Yaml::Yaml(const YAML::Node& node, std::filesystem::path file, std::string key)
    : node_(std::make_shared<YAML::Node>(node)), file_(std::move(file)), key_(std::move(key)) {}

Yaml Yaml::load(const std::filesystem::path& file) {
    return parse(read_text(file, &Limits::config), file.string());
}

Yaml Yaml::parse(const std::string& text, const std::string& name) {
    try {
        return Yaml(YAML::Load(text), name, "");
    } catch (const YAML::Exception& error) {
        fail_in(name, "line {}: {}; check indentation, quotes and brackets", error.mark.line + 1,
                error.msg);
    }
}

void Yaml::fail(const std::string& message) const {
    const YAML::Mark mark = node_->IsDefined() ? node_->Mark() : YAML::Mark::null_mark();
    std::string where = file_.string() + ": ";
    if (!mark.is_null()) {
        where += fmt::format("line {}: ", mark.line + 1);
    }
    throw Error(where + (key_.empty() ? "" : key_ + ": ") + message);
}

bool Yaml::is_map() const {
    return node_->IsMap();
}
bool Yaml::is_list() const {
    return node_->IsSequence();
}
bool Yaml::is_scalar() const {
    return node_->IsScalar();
}

bool Yaml::has(std::string_view key) const {
    return find(key).has_value();
}

std::optional<Yaml> Yaml::find(std::string_view key) const {
    if (!is_map()) {
        fail("expected a mapping (key: value)");
    }
    std::optional<Yaml> found;
    for (const auto& item : *node_) {
        if (!item.first.IsScalar() || item.first.Scalar() != key) {
            continue;
        }
        if (found) {
            fail(fmt::format("the key '{}' stands twice; keep one", key));
        }
        found = Yaml(item.second, file_, joined(key_, key));
    }
    return found;
}

Yaml Yaml::operator[](std::string_view key) const {
    auto value = find(key);
    if (!value) {
        fail(fmt::format("the key '{}' is missing; add it", key));
    }
    return *value;
}

std::vector<std::pair<std::string, Yaml>> Yaml::items() const {
    std::vector<std::pair<std::string, Yaml>> result;
    const auto names = keys();  // looking each up would take the square of their number
    auto name = names.begin();
    for (const auto& item : *node_) {
        result.emplace_back(*name, Yaml(item.second, file_, joined(key_, *name)));
        ++name;
    }
    return result;
}

std::vector<std::string> Yaml::keys() const {
    if (!is_map()) {
        fail("expected a mapping (key: value)");
    }
    std::vector<std::string> result;
    std::set<std::string> once;
    for (const auto& item : *node_) {
        if (!item.first.IsScalar()) {
            fail("every key must be plain text");
        }
        const std::string name = item.first.Scalar();
        if (!once.insert(name).second) {
            fail(fmt::format("the key '{}' stands twice; keep one", name));
        }
        result.push_back(name);
    }
    return result;
}

void Yaml::allow_keys(const std::vector<std::string>& known) const {
    for (const auto& key : keys()) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            find(key)->fail(fmt::format("unknown key; did you mean '{}'? known keys: {}",
                                        nearest_name(key, known), join(known)));
        }
    }
}

std::vector<Yaml> Yaml::list() const {
    if (!is_list()) {
        fail("expected a list");
    }
    std::vector<Yaml> result;
    for (std::size_t i = 0; i < node_->size(); ++i) {
        result.push_back(Yaml((*node_)[i], file_, fmt::format("{}[{}]", key_, i)));
    }
    return result;
}

template <typename T>
T Yaml::as() const {
    if constexpr (List<T>) {
        T items;
        for (const Yaml& item : list()) {
            items.push_back(item.as<typename Item<T>::Type>());
        }
        return items;
    } else {
        try {
            if (is_scalar()) {
                return node_->as<T>();
            }
        } catch (const YAML::Exception&) {
            fail(fmt::format("expected {}, found '{}'", Name<T>::text, node_->Scalar()));
        }
        fail(fmt::format("expected {}", Name<T>::text));
    }
}

void Yaml::set(const std::string& dotted_key, const std::string& value) {
    if (node_->IsNull()) {  // an empty file
        *node_ = YAML::Node(YAML::NodeType::Map);
    }
    YAML::Node node = *node_;
    const auto parts = split(dotted_key, '.');
    if (std::find(parts.begin(), parts.end(), "") != parts.end()) {
        base::fail("--set {}: the key has an empty part; write a.b.c=value", dotted_key);
    }
    if (node.IsScalar() || node.IsSequence()) {
        base::fail("--set {}: the config is no mapping (key: value)", dotted_key);
    }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (node[parts[i]].IsDefined() && !node[parts[i]].IsMap()) {
            base::fail("--set {}: '{}' is not a section of the config", dotted_key, parts[i]);
        }
        node.reset(node[parts[i]]);
    }
    try {
        node[parts.back()] = YAML::Load(value);
    } catch (const YAML::Exception& error) {
        base::fail("--set {}={}: {}", dotted_key, value, error.what());
    }
}

std::string Yaml::dump() const {
    YAML::Emitter emitter;
    emitter << *node_;
    return std::string(emitter.c_str()) + "\n";
}

template bool Yaml::as<bool>() const;
template int Yaml::as<int>() const;
template std::int64_t Yaml::as<std::int64_t>() const;
template std::uint64_t Yaml::as<std::uint64_t>() const;
template float Yaml::as<float>() const;
template double Yaml::as<double>() const;
template std::string Yaml::as<std::string>() const;
template std::vector<bool> Yaml::as<std::vector<bool>>() const;
template std::vector<int> Yaml::as<std::vector<int>>() const;
template std::vector<std::int64_t> Yaml::as<std::vector<std::int64_t>>() const;
template std::vector<float> Yaml::as<std::vector<float>>() const;
template std::vector<double> Yaml::as<std::vector<double>>() const;
template std::vector<std::string> Yaml::as<std::vector<std::string>>() const;

}  // namespace distillar::base
