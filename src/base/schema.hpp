#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "base/enum_names.hpp"
#include "base/yaml.hpp"

namespace distillar::base {

/// Which finite numbers a field takes.
struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool above = false;  ///< `low` itself is left out
    bool below = false;  ///< `high` itself is left out

    bool holds(double value) const;
    std::string text() const;  ///< "1 or above", "above 0", "0 to 45", "in [0, 1)"
};
constexpr Range at_least(double low) {
    return {.low = low};
}
constexpr Range above(double low) {
    return {.low = low, .above = true};
}
constexpr Range between(double low, double high) {
    return {.low = low, .high = high};
}
inline constexpr Range fraction_below_1{.low = 0, .high = 1, .below = true};
inline constexpr Range fraction_above_0{.low = 0, .high = 1, .above = true};

/// Text in double quotes, as YAML has it, control characters as \xNN.
std::string quoted(const std::string& text);
/// ["a", "b"].
std::string quoted_list(const std::vector<std::string>& texts);

/// The fields of a config, each stated once: key, member, range and meaning; the member's value is
/// the default. That statement reads a config (unknown keys are errors with the nearest name,
/// values out of range too), writes it, and lists it for users. The members must outlive the
/// schema.
class Schema {
public:
    struct Field {
        std::string key;
        std::string range;  ///< in words, or ""
        std::string meaning;
        std::function<void(const Yaml&)> read;
        std::function<std::string()> text;          ///< as YAML; "": not written
        std::shared_ptr<Schema> section = nullptr;  ///< then `read` and `text` are empty
    };
    /// Any form.
    void add_field(Field field);

    /// A number.
    template <typename T>
    void add(const std::string& key, T& value, const Range& range, const std::string& meaning) {
        add_field({key, range.text(), meaning,
                   [&value, range, meaning](const Yaml& yaml) {
                       const T read = yaml.as<T>();
                       if (!range.holds(static_cast<double>(read))) {
                           yaml.fail(
                               fmt::format("is {}, must be {}: {}", read, range.text(), meaning));
                       }
                       value = read;
                   },
                   [&value] { return fmt::format("{}", value); }});
    }

    /// Anything else: a switch, one of a few words, text, a list of texts, a path (which may hold
    /// ~ and $VARIABLES), or a number of any size.
    template <typename T>
    void add(const std::string& key, T& value, const std::string& meaning) {
        if constexpr (NamedEnum<T>) {
            add_choice(
                key, names_of<T>(), meaning,
                [&value](const std::string& name) { value = *enum_from<T>(name); },
                [&value] { return name_of(value); });
        } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
            add_path(key, value, meaning);
        } else {
            add_field({key, "", meaning, [&value](const Yaml& yaml) { value = yaml.as<T>(); },
                       [&value] {
                           if constexpr (std::is_same_v<T, std::string>) {
                               return base::quoted(value);
                           } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                               return quoted_list(value);
                           } else {
                               return fmt::format("{}", value);
                           }
                       }});
        }
    }

    /// A word of a list that is known at run time alone.
    void add_choice(const std::string& key, const std::vector<std::string>& names,
                    const std::string& meaning, std::function<void(const std::string&)> set,
                    std::function<std::string()> text);

    /// A mapping under a key; its fields are added to what is returned.
    Schema& section(const std::string& key, const std::string& meaning);

    /// A key that has no effect here: only this value of it is taken, and it is not written.
    /// @param why  "the backbone is frozen".
    template <typename T>
    void accept_only(const std::string& key, T neutral, const std::string& why) {
        add_field({key,
                   "",
                   "",
                   [neutral, why](const Yaml& yaml) {
                       if (yaml.as<T>() != neutral) {
                           yaml.fail("has no effect here: " + why + "; leave it out");
                       }
                   },
                   {}});
    }
    void refuse(const std::string& key, const std::string& why);

    /// What holds between fields: called when all of this section are read, with the section.
    void check(std::function<void(const Yaml&)> holds) { checks_.push_back(std::move(holds)); }

    /// Sets the members whose keys are there, in the order of the fields.
    /// @throws Error naming the place of an unknown key or a value that is not taken.
    void read(const Yaml& yaml) const;
    /// The values as YAML that read() takes back.
    std::string text(int indent = 0) const;
    /// The same with range and meaning as comments.
    std::string reference(int indent = 0) const;
    /// Whether there is a field "a.b.c".
    bool knows(const std::string& dotted_key) const;
    /// The first key of a config that is not known, as "a.b.c"; "" if there is none.
    std::string unknown_key(const Yaml& yaml) const;

private:
    void add_path(const std::string& key, std::filesystem::path& value, const std::string& meaning);
    const Field* find(const std::string& key) const;

    std::vector<Field> fields_;
    std::vector<std::function<void(const Yaml&)>> checks_;
};

}  // namespace distillar::base
