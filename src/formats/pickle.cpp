#include "formats/pickle.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <unordered_map>

#include "formats/pickle_stack.hpp"
#include "formats/pickle_text.hpp"

namespace distillar::formats {

namespace {

using Kind = PickleValue::Kind;

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

/// The stack machine of the pickle language, without its power to call.
class Machine : private PickleStack {
public:
    Machine(std::span<const std::byte> bytes, const PickleRules& rules,
            const std::filesystem::path& file)
        : PickleStack({{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file}),
          rules_(rules) {}

    Pickle run() {
        std::uint64_t operations = 0;
        while (pickle_.root == nullptr) {
            input_.begin_operation();
            if (++operations > rules_.max_operations) {
                input_.fail("more than {} operations; a file of this kind never needs as many",
                            rules_.max_operations);
            }
            const char code = input_.take(1)[0];
            if (!constant(code) && !text(code) && !memo(code) && !container(code) &&
                !object(code) && !control(code)) {
                input_.fail("unknown operation 0x{:02x}; not a pickle, or damaged",
                            static_cast<unsigned char>(code));
            }
        }
        pickle_.size = input_.position();
        return std::move(pickle_);
    }

private:
    // Operations, by group; each returns false for a code of another group.

    bool constant(char code) {
        switch (code) {
            case 'N':
                make(Kind::none);
                push(pickle_.values.back());
                return true;
            case '\x88':
            case '\x89':
                return push_integer(Kind::boolean, code == '\x88');
            case 'K':
                return push_integer(Kind::integer, input_.number<std::uint8_t>());
            case 'M':
                return push_integer(Kind::integer, input_.number<std::uint16_t>());
            case 'J':
                return push_integer(Kind::integer, input_.number<std::int32_t>());
            case '\x8a':
                return push_long(input_.take(input_.number<std::uint8_t>()));
            case '\x8b':
                return push_long(input_.take(input_.signed_size()));
            case 'G': {
                const auto bits = __builtin_bswap64(input_.number<std::uint64_t>());
                return push_real(std::bit_cast<double>(bits));
            }
            case 'I':
            case 'L':
                return decimal(input_.line());
            case 'F': {
                const auto value = number_in<double>(input_.line());
                if (!value) {
                    input_.fail("a malformed number; the file is damaged");
                }
                return push_real(*value);
            }
            default:
                return false;
        }
    }

    bool decimal(std::string_view digits) {
        if (digits == "00" || digits == "01") {
            return push_integer(Kind::boolean, digits[1] - '0');
        }
        if (digits.ends_with('L')) {
            digits.remove_suffix(1);
        }
        const auto value = number_in<std::int64_t>(digits);
        if (!value) {
            input_.fail("an integer that is malformed or beyond 64 bits");
        }
        return push_integer(Kind::integer, *value);
    }

    bool text(char code) {
        switch (code) {
            case 'X':
                return push_text(Kind::text, input_.take(input_.number<std::uint32_t>()));
            case '\x8c':
                return push_text(Kind::text, input_.take(input_.number<std::uint8_t>()));
            case '\x8d':
                return push_text(Kind::text, input_.take(input_.number<std::uint64_t>()));
            case 'B':
                return push_text(Kind::bytes, input_.take(input_.number<std::uint32_t>()));
            case 'C':
                return push_text(Kind::bytes, input_.take(input_.number<std::uint8_t>()));
            case '\x8e':
            case '\x96':
                return push_text(Kind::bytes, input_.take(input_.number<std::uint64_t>()));
            case 'T':
                return push_text(Kind::text, input_.take(input_.signed_size()));
            case 'U':
                return push_text(Kind::text, input_.take(input_.number<std::uint8_t>()));
            case 'S':
                return push_text(Kind::text, keep(decode_string_literal(input_.line())));
            case 'V':
                return push_text(Kind::text, keep(decode_raw_unicode(input_.line())));
            default:
                return false;
        }
    }

    bool memo(char code) {
        switch (code) {
            case 'q':
                return remember(input_.number<std::uint8_t>());
            case 'r':
                return remember(input_.number<std::uint32_t>());
            case '\x94':
                return remember(memo_.size());
            case 'p':
                return remember(memo_index(input_.line()));
            case 'h':
                return recall(input_.number<std::uint8_t>());
            case 'j':
                return recall(input_.number<std::uint32_t>());
            case 'g':
                return recall(memo_index(input_.line()));
            default:
                return false;
        }
    }

    std::uint64_t memo_index(std::string_view digits) {
        const auto index = number_in<std::uint64_t>(digits);
        if (!index) {
            input_.fail("a malformed memo index; the file is damaged");
        }
        return *index;
    }

    bool remember(std::uint64_t index) {
        memo_[index] = &top();
        return true;
    }

    bool recall(std::uint64_t index) {
        const auto found = memo_.find(index);
        if (found == memo_.end()) {
            input_.fail("memo entry {} was never stored; the file is damaged", index);
        }
        stack_.push_back(found->second);
        return true;
    }

    bool container(char code) {
        switch (code) {
            case ']':
                return push_items(Kind::list, {});
            case ')':
                return push_items(Kind::tuple, {});
            case '}':
                return push_items(Kind::dictionary, {});
            case '\x8f':
                return push_items(Kind::set, {});
            case 'l':
                return push_items(Kind::list, pop_to_mark());
            case 't':
                return push_items(Kind::tuple, pop_to_mark());
            case '\x91':
                return push_items(Kind::set, pop_to_mark());
            case '\x85':
            case '\x86':
            case '\x87':
                return push_items(Kind::tuple,
                                  pop_many(static_cast<std::size_t>(code - '\x85' + 1)));
            case 'd': {
                auto pairs = pop_to_mark();
                push_items(Kind::dictionary, {});
                return extend({Kind::dictionary}, std::move(pairs));
            }
            case 'a':
                return extend({Kind::list}, pop_many(1));
            case 'e':
                return extend({Kind::list}, pop_to_mark());
            case '\x90':
                return extend({Kind::set}, pop_to_mark());
            case 's':
                return extend({Kind::dictionary, Kind::object}, pop_many(2));
            case 'u':
                return extend({Kind::dictionary, Kind::object}, pop_to_mark());
            default:
                return false;
        }
    }

    bool extend(std::initializer_list<Kind> kinds, std::vector<const PickleValue*> items) {
        PickleValue& value = top();
        if (std::find(kinds.begin(), kinds.end(), value.kind) == kinds.end()) {
            input_.fail("adds items to a value that takes none; the file is damaged");
        }
        const bool pairs = value.is(Kind::dictionary) || value.is(Kind::object);
        if (pairs && items.size() % 2 != 0) {
            input_.fail("a key without a value; the file is damaged");
        }
        value.items.insert(value.items.end(), items.begin(), items.end());
        return true;
    }

    // --- globals and objects ---------------------------------------------------------------------

    PickleValue& global(std::string_view module, std::string_view name) {
        std::string full = std::string(module) + "." + std::string(name);
        const auto& known = rules_.globals;
        if (std::find(known.begin(), known.end(), full) == known.end()) {
            std::replace_if(
                full.begin(), full.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; },
                '?');
            input_.fail(
                "asks for {}, which this reader does not know; the file is refused because "
                "unpickling it could run code: save it anew as plain tensors",
                full.substr(0, 200));
        }
        PickleValue& value = make(Kind::global);
        value.text = keep(std::move(full));
        return value;
    }

    bool call(const PickleValue& callable, const PickleValue& arguments) {
        if (!callable.is(Kind::global) || !arguments.is(Kind::tuple)) {
            input_.fail(
                "calls something that is no global with a tuple; the file is refused because "
                "unpickling it could run code");
        }
        PickleValue& value = make(Kind::object);
        value.text = callable.text;
        value.arguments = &arguments;
        push(value);
        return true;
    }

    bool call_with_items(const PickleValue& callable, std::vector<const PickleValue*> items) {
        PickleValue& arguments = make(Kind::tuple);
        arguments.items = std::move(items);
        return call(callable, arguments);
    }

    bool object(char code) {
        switch (code) {
            case 'c': {
                const auto module = input_.line();
                push(global(module, input_.line()));
                return true;
            }
            case '\x93': {
                const PickleValue& name = pop();
                const PickleValue& module = pop();
                if (!name.is(Kind::text) || !module.is(Kind::text)) {
                    input_.fail("a global whose name is no text; the file is refused");
                }
                push(global(module.text, name.text));
                return true;
            }
            case 'R':
            case '\x81': {
                const PickleValue& arguments = pop();
                return call(pop(), arguments);
            }
            case '\x92': {
                pop();  // keyword arguments: nothing known here takes any
                const PickleValue& arguments = pop();
                return call(pop(), arguments);
            }
            case 'i': {
                const auto module = input_.line();
                const PickleValue& callable = global(module, input_.line());
                return call_with_items(callable, pop_to_mark());
            }
            case 'o': {
                auto items = pop_to_mark();
                if (items.empty()) {
                    input_.fail("an object without a class; the file is damaged");
                }
                const PickleValue& callable = *items.front();
                items.erase(items.begin());
                return call_with_items(callable, std::move(items));
            }
            case 'b': {
                const PickleValue& state = pop();
                PickleValue& target = top();
                if (!target.is(Kind::object)) {
                    input_.fail(
                        "sets the state of something that is no object; the file is refused");
                }
                target.state = &state;
                return true;
            }
            case 'Q':
                return persistent(pop());
            case 'P':
                push_text(Kind::text, input_.line());
                return persistent(pop());
            case '\x82':
            case '\x83':
            case '\x84':
                input_.fail(
                    "asks for a registered extension, which this reader does not know; the file "
                    "is refused because unpickling it could run code");
            default:
                return false;
        }
    }

    bool persistent(const PickleValue& id) {
        if (!rules_.persistent_ids) {
            input_.fail("a persistent id where this kind of file has none; the file is refused");
        }
        PickleValue& value = make(Kind::persistent);
        value.arguments = &id;
        push(value);
        return true;
    }

    bool control(char code) {
        switch (code) {
            case '\x80':
                if (const auto protocol = input_.number<std::uint8_t>(); protocol > 5) {
                    input_.fail("protocol {}, at most 5 is supported", protocol);
                }
                return true;
            case '\x95':
                if (input_.number<std::uint64_t>() > input_.left()) {
                    input_.fail("a frame longer than the pickle; the file is truncated");
                }
                return true;
            case '(':
                marks_.push_back(stack_.size());
                return true;
            case '0':
                if (!marks_.empty() && marks_.back() == stack_.size()) {
                    marks_.pop_back();  // Python's POP drops a mark when one is on top
                } else {
                    pop();
                }
                return true;
            case '1':
                pop_to_mark();
                return true;
            case '2':
                push(top());
                return true;
            case '.':
                pickle_.root = &pop();
                if (!stack_.empty() || !marks_.empty()) {
                    input_.fail("ends with values left on the stack; the file is damaged");
                }
                return true;
            default:
                return false;
        }
    }

    const PickleRules& rules_;
    std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

}  // namespace

const PickleValue* PickleValue::argument(std::size_t index) const {
    const bool has =
        kind == Kind::object && arguments != nullptr && index < arguments->items.size();
    return has ? arguments->items[index] : nullptr;
}

const PickleValue* PickleValue::find(std::string_view key) const {
    const PickleValue* found = nullptr;
    if (kind == Kind::dictionary || kind == Kind::object) {
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            if (items[i]->is(Kind::text) && items[i]->text == key) {
                found = items[i + 1];
            }
        }
    }
    return found;
}

Pickle read_pickle(std::span<const std::byte> bytes, const PickleRules& rules,
                   const std::filesystem::path& file) {
    return Machine(bytes, rules, file).run();
}

}  // namespace distillar::formats
