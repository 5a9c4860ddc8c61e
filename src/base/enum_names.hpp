#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::base {

/// Enumerations whose values have names in configs, files and options. Beside the enumeration
/// stands
///     constexpr auto enum_names(Kind) { return std::array{"linear", "mlp"}; }
/// with the names of its values 0, 1, ... in order.
template <typename Enum>
concept NamedEnum = requires(Enum value) {
    enum_names(value).size();
};

template <NamedEnum Enum>
std::string name_of(Enum value) {
    return enum_names(value)[static_cast<std::size_t>(value)];
}

/// All names, in order.
template <NamedEnum Enum>
std::vector<std::string> names_of() {
    const auto names = enum_names(Enum{});
    return {names.begin(), names.end()};
}

/// The value of this name, if there is one.
template <NamedEnum Enum>
std::optional<Enum> enum_from(std::string_view name) {
    const auto names = enum_names(Enum{});
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

}  // namespace distillar::base
