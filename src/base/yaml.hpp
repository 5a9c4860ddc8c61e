#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace YAML {
class Node;
}

namespace distillar::base {

/// A YAML value that knows where it stands, so that every mistake is named as
/// "FILE: line N: a.b.c: ...". Reading is strict: unknown keys and wrong types are errors.
/// Cheap to copy; yaml-cpp stays out of the header.
class Yaml {
public:
    static Yaml load(const std::filesystem::path& file);
    /// @param name  stands for the file in messages.
    static Yaml parse(const std::string& text, const std::string& name);

    bool is_map() const;
    bool is_list() const;
    bool is_scalar() const;

    // Maps. ------------------------------------------------------------------------------------
    bool has(std::string_view key) const;
    /// The value of a key. @throws Error if it is absent.
    Yaml operator[](std::string_view key) const;
    std::optional<Yaml> find(std::string_view key) const;
    std::vector<std::pair<std::string, Yaml>> items() const;
    std::vector<std::string> keys() const;
    /// @throws Error on any other key, with the nearest known name.
    void allow_keys(const std::vector<std::string>& known) const;

    // Lists. -----------------------------------------------------------------------------------
    std::vector<Yaml> list() const;

    // Scalars: T is bool, int, std::int64_t, std::uint64_t, float, double, std::string, or a
    // std::vector of one of these. ----------------------------------------------------------------
    template <typename T>
    T as() const;
    template <typename T>
    T get(std::string_view key, T fallback) const {
        const auto value = find(key);
        return value ? value->template as<T>() : fallback;
    }

    /// Sets "a.b.c" to a YAML value given as text, making maps on the way (for --set).
    void set(const std::string& dotted_key, const std::string& value);
    std::string dump() const;

    /// Throws Error that names this place.
    [[noreturn]] void fail(const std::string& message) const;
    const std::filesystem::path& file() const { return file_; }

private:
    Yaml(const YAML::Node& node, std::filesystem::path file, std::string key);

    std::shared_ptr<YAML::Node> node_;
    std::filesystem::path file_;
    std::string key_;
};

}  // namespace distillar::base
