#pragma once
/// A restricted unpickler: protocols 0 to 5 become a tree of plain values. Nothing is ever called:
/// a reduction is kept as (name of the callable, arguments, state) for the caller to interpret, and
/// a global outside the caller's list is an error. Nodes live in one arena, so neither depth nor
/// cycles can exhaust the stack here; who walks the tree must limit depth and steps itself.
#include <cstdint>
#include <deque>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::formats {

struct PickleValue {
    enum class Kind {
        none,
        boolean,       ///< integer: 0 or 1
        integer,       ///< integer
        long_integer,  ///< text: two's complement, little-endian, more than 8 bytes
        real,          ///< real
        bytes,         ///< text
        text,          ///< text, UTF-8
        list,          ///< items
        tuple,         ///< items
        set,           ///< items
        dictionary,    ///< items: key, value, key, value, ...
        global,        ///< text: "module.name"
        object,        ///< text: the callable's name; arguments, state; items as in dictionary
        persistent,    ///< arguments: the persistent id
    };
    Kind kind = Kind::none;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view text;  ///< into the pickle's bytes, or into the arena
    std::vector<const PickleValue*> items;
    const PickleValue* arguments = nullptr;
    const PickleValue* state = nullptr;

    bool is(Kind wanted) const { return kind == wanted; }
    bool is_sequence() const { return kind == Kind::list || kind == Kind::tuple; }
    /// An object made by calling that global.
    bool is_object(std::string_view callable) const {
        return kind == Kind::object && text == callable;
    }
    /// Positional argument of an object, or nullptr.
    const PickleValue* argument(std::size_t index) const;
    /// Value of a text key in a dictionary or dictionary-like object, or nullptr; the last one
    /// wins.
    const PickleValue* find(std::string_view key) const;
};

/// A parsed pickle; valid while the bytes it was read from are.
struct Pickle {
    Pickle() = default;
    Pickle(Pickle&&) = default;  // values point at one another: no copies
    Pickle& operator=(Pickle&&) = default;

    std::deque<PickleValue> values;
    std::deque<std::string> texts;
    const PickleValue* root = nullptr;
    std::size_t size = 0;  ///< bytes up to and including STOP
};

struct PickleRules {
    std::span<const std::string_view> globals;  ///< "module.name" of everything allowed
    bool persistent_ids = false;
    std::uint64_t max_operations = std::uint64_t{1} << 22;  ///< bounds memory: one node each
};

/// @param file  what messages name. @throws base::Error naming file and offset: a foreign global
///              (as "module.name"), a truncated or malformed pickle, an unknown operation.
Pickle read_pickle(std::span<const std::byte> bytes, const PickleRules& rules,
                   const std::filesystem::path& file);

}  // namespace distillar::formats
