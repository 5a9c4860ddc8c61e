#include "formats/json_table.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {
constexpr std::size_t max_numbers = 64;
constexpr std::size_t max_text = 4096;
}  // namespace

class JsonTableHandler : public nlohmann::json_sax<nlohmann::json> {
public:
    JsonTableHandler(const std::filesystem::path& file, std::vector<std::string_view> wanted,
                     const std::function<void(const JsonRow&)>& use)
        : file_(file), wanted_(std::move(wanted)), use_(use), row_(file, 0) {}

    bool start_array(std::size_t) override {
        if (depth_ == 1) {
            no_table();
        }
        ++depth_;
        if (depth_ == row_depth + 1 && is_wanted_) {
            row_.numbers_[key_].clear();  // present even if empty
        }
        return true;
    }

    bool start_object(std::size_t) override {
        if (depth_ == 0) {
            no_table();
        }
        if (++depth_ == row_depth) {
            row_.texts_.clear();
            row_.numbers_.clear();
        } else if (is_wanted_) {
            row_.fail(key_, "is an object");
        }
        return true;
    }

    bool end_array() override {
        --depth_;
        return true;
    }

    bool end_object() override {
        if (depth_-- == row_depth) {
            is_wanted_ = false;
            use_(row_);
            ++row_.index_;
        }
        return true;
    }

    bool key(string_t& name) override {
        if (depth_ != row_depth) {
            return true;
        }
        is_wanted_ = std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end();
        if (is_wanted_) {
            key_ = name;
            if (row_.texts_.contains(key_) || row_.numbers_.contains(key_)) {
                row_.fail(key_, "occurs twice");
            }
        }
        return true;
    }

    bool string(string_t& text) override {
        if (!begin_value()) {
            return true;
        }
        if (depth_ != row_depth || text.size() > max_text) {
            row_.fail(key_, "is text in a list, or too long");
        }
        row_.texts_[key_] = text;
        return true;
    }

    bool null() override {
        begin_value();  // as if the field were absent
        return true;
    }
    bool boolean(bool value) override { return number(value ? 1 : 0); }
    bool number_integer(number_integer_t value) override {
        return number(static_cast<double>(value));
    }
    bool number_unsigned(number_unsigned_t value) override {
        return number(static_cast<double>(value));
    }
    bool number_float(number_float_t value, const string_t&) override { return number(value); }
    bool binary(binary_t&) override { return true; }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override {
        base::fail_in(file_, "malformed JSON at byte {}; the table is truncated or damaged",
                      position);
    }

private:
    static constexpr int row_depth = 2;  // the list, then the row

    [[noreturn]] void no_table() const {
        base::fail_in(file_, "row {}: a table is a list of objects; is this a nuScenes table?",
                      row_.index_);
    }

    /// False if the value is to be skipped.
    bool begin_value() const {
        if (depth_ < row_depth) {
            no_table();
        }
        return is_wanted_;
    }

    bool number(double value) {
        if (!begin_value()) {
            return true;
        }
        auto& numbers = row_.numbers_[key_];
        if (numbers.size() == max_numbers) {
            row_.fail(key_, "has more than 64 numbers");
        }
        numbers.push_back(value);
        return true;
    }

    const std::filesystem::path& file_;
    const std::vector<std::string_view> wanted_;
    const std::function<void(const JsonRow&)>& use_;
    JsonRow row_;
    std::string key_;
    bool is_wanted_ = false;
    int depth_ = 0;
};

void JsonRow::fail(std::string_view key, const std::string& what) const {
    base::fail_in(file_, "row {}: the field \"{}\" {}; the table is damaged", index_, key,
                  printable(what, 200));
}

const std::string& JsonRow::text(std::string_view key) const {
    const auto found = texts_.find(key);
    if (found == texts_.end()) {
        fail(key, "is missing or no text");
    }
    return found->second;
}

std::string JsonRow::text_or(std::string_view key, const std::string& fallback) const {
    return texts_.contains(key) || numbers_.contains(key) ? text(key) : fallback;
}

const std::vector<double>& JsonRow::numbers(std::string_view key) const {
    const auto found = numbers_.find(key);
    if (found == numbers_.end()) {
        fail(key, "is missing or no number");
    }
    return found->second;
}

double JsonRow::number(std::string_view key) const {
    const auto& all = numbers(key);
    if (all.size() != 1) {
        fail(key, "is no single number");
    }
    return all[0];
}

double JsonRow::number_or(std::string_view key, double fallback) const {
    return texts_.contains(key) || numbers_.contains(key) ? number(key) : fallback;
}

std::int64_t JsonRow::integer(std::string_view key) const {
    const double value = number(key);
    if (!(std::abs(value) < 0x1p53) || value != std::floor(value)) {
        fail(key, "is no integer");
    }
    return static_cast<std::int64_t>(value);
}

std::int64_t JsonRow::integer_or(std::string_view key, std::int64_t fallback) const {
    return texts_.contains(key) || numbers_.contains(key) ? integer(key) : fallback;
}

void read_json_table(const std::filesystem::path& file, std::vector<std::string_view> wanted,
                     const std::function<void(const JsonRow&)>& use) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) {
        base::fail_in(file, "the table is missing; copy the data set's whole v1.0-* folder");
    }
    const base::MappedFile mapped(file);
    const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                                mapped.bytes().size());
    JsonTableHandler handler(file, std::move(wanted), use);
    nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
}

}  // namespace distillar::formats
