#pragma once
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "formats/pickle.hpp"
#include "formats/pickle_input.hpp"

namespace distillar::formats {

/// The unpickler's arena, stack and marks; every pop is checked. What pushes returns true, as an
/// operation that was understood does.
class PickleStack {
protected:
    using Kind = PickleValue::Kind;

    explicit PickleStack(PickleInput input) : input_(input) {}

    std::string_view keep(std::optional<std::string> decoded) {
        if (!decoded) {
            input_.fail("malformed text; the file is damaged");
        }
        return pickle_.texts.emplace_back(std::move(*decoded));
    }

    PickleValue& make(Kind kind) {
        PickleValue& value = pickle_.values.emplace_back();
        value.kind = kind;
        return value;
    }

    void push(PickleValue& value) { stack_.push_back(&value); }

    bool push_text(Kind kind, std::string_view content) {
        PickleValue& value = make(kind);
        value.text = content;
        push(value);
        return true;
    }

    bool push_integer(Kind kind, std::int64_t number) {
        PickleValue& value = make(kind);
        value.integer = number;
        push(value);
        return true;
    }

    bool push_real(double number) {
        PickleValue& value = make(Kind::real);
        value.real = number;
        push(value);
        return true;
    }

    bool push_long(std::string_view little_endian) {
        if (little_endian.size() > 8) {
            return push_text(Kind::long_integer, little_endian);
        }
        const bool negative = !little_endian.empty() && (little_endian.back() & 0x80) != 0;
        std::int64_t number = negative ? -1 : 0;
        std::memcpy(&number, little_endian.data(), little_endian.size());
        return push_integer(Kind::integer, number);
    }

    bool push_items(Kind kind, std::vector<const PickleValue*> items) {
        PickleValue& value = make(kind);
        value.items = std::move(items);
        push(value);
        return true;
    }

    std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

    PickleValue& top() {
        if (stack_.size() <= floor()) {
            input_.fail("takes a value from an empty stack; the file is damaged");
        }
        return *stack_.back();
    }

    PickleValue& pop() {
        PickleValue& value = top();
        stack_.pop_back();
        return value;
    }

    std::vector<const PickleValue*> pop_many(std::size_t count) {
        if (stack_.size() - floor() < count) {
            input_.fail("takes {} values, the stack has fewer; the file is damaged", count);
        }
        std::vector<const PickleValue*> items(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                              stack_.end());
        stack_.resize(stack_.size() - count);
        return items;
    }

    std::vector<const PickleValue*> pop_to_mark() {
        if (marks_.empty()) {
            input_.fail("no mark on the stack; the file is damaged");
        }
        auto items = pop_many(stack_.size() - marks_.back());
        marks_.pop_back();
        return items;
    }

    PickleInput input_;
    Pickle pickle_;
    std::vector<PickleValue*> stack_;
    std::vector<std::size_t> marks_;
};

}  // namespace distillar::formats
