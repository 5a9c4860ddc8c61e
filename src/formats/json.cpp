#include "formats/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

using nlohmann::json;
using Event = json::parse_event_t;

/// @param keep  of depth, event and value: false drops the value.
template <typename Keep>
json parse(std::string_view text, const std::filesystem::path& file, const Keep& keep) {
    try {
        return json::parse(text.begin(), text.end(), [&](int depth, Event event, json& value) {
            // every level takes memory many times its one byte
            base::require_within(static_cast<std::uint64_t>(depth), &base::Limits::nesting, file,
                                 "nests");
            return keep(depth, event, value);
        });
    } catch (const json::parse_error& error) {
        base::fail_in(file, "is not JSON from byte {} on; is it damaged or cut off?", error.byte);
    } catch (const json::exception&) {
        base::fail_in(file, "is JSON with a number that is out of range; is it damaged?");
    }
}

bool has(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

json read_json(const std::filesystem::path& file) {
    return parse(base::read_text(file, &base::Limits::table), file,
                 [](int, Event, const json&) { return true; });
}

JsonFields::JsonFields(const json& value, std::string path, const std::filesystem::path& file)
    : value_(&value), path_(std::move(path)), file_(&file) {
    if (!value.is_object()) {
        base::fail_in(file, "{} is not an object; is the file damaged, or of another kind?",
                      path_.empty() ? "the whole" : path_);
    }
}

std::string JsonFields::name(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void JsonFields::fail(const char* key, std::string_view what) const {
    base::fail_in(*file_, "{} {}; is the file damaged, or of another kind?", name(key),
                  printable(what, 200));
}

bool JsonFields::has(const char* key) const {
    const auto found = value_->find(key);
    return found != value_->end() && !found->is_null();
}

const json& JsonFields::field(const char* key) {
    const auto found = value_->find(key);
    if (found == value_->end()) {
        fail(key, "is missing");
    }
    seen_.emplace_back(found.key());
    return *found;
}

const json& JsonFields::field(const char* key, bool (json::*is_right)() const, const char* wanted) {
    const json& value = field(key);
    if (!(value.*is_right)()) {
        fail(key, fmt::format("is not {}", wanted));
    }
    return value;
}

std::string JsonFields::text(const char* key) {
    return field(key, &json::is_string, "a text").get<std::string>();
}

bool JsonFields::flag(const char* key) {
    return field(key, &json::is_boolean, "true or false").get<bool>();
}

std::int64_t JsonFields::integer64(const char* key) {
    const json& value = field(key, &json::is_number_integer, "an integer");
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
        fail(key, "is not a 64-bit integer");
    }
    return value.get<std::int64_t>();
}

int JsonFields::integer(const char* key) {
    const std::int64_t value = integer64(key);
    if (!std::in_range<int>(value)) {
        fail(key, "is not a 32-bit integer");
    }
    return static_cast<int>(value);
}

double JsonFields::number64(const char* key) {
    return field(key, &json::is_number, "a finite number").get<double>();
}

float JsonFields::number(const char* key) {
    const auto value = static_cast<float>(number64(key));
    if (!std::isfinite(value)) {
        fail(key, "is not a finite number");
    }
    return value;
}

std::vector<std::string> JsonFields::texts(const char* key) {
    std::vector<std::string> texts;
    for (const auto& item : field(key, &json::is_array, "a list")) {
        if (!item.is_string()) {
            fail(key, "is not a list of texts");
        }
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::vector<std::int64_t> JsonFields::integers(const char* key, std::size_t count) {
    std::vector<std::int64_t> integers;
    for (const auto& item : field(key, &json::is_array, "a list")) {
        if (!item.is_number_integer()) {
            fail(key, "is not a list of integers");
        }
        integers.push_back(item.get<std::int64_t>());
    }
    if (integers.size() != count) {
        fail(key, fmt::format("is not a list of {} integers", count));
    }
    return integers;
}

std::vector<double> JsonFields::numbers_of(const json& list, const char* key) const {
    std::vector<double> numbers;
    for (const auto& item : list) {
        if (!item.is_number() || !std::isfinite(item.get<float>())) {
            fail(key, "is not a list of finite numbers");
        }
        numbers.push_back(item.get<double>());
    }
    return numbers;
}

std::vector<double> JsonFields::numbers(const char* key, std::size_t count) {
    const auto numbers = numbers_of(field(key, &json::is_array, "a list"), key);
    if (numbers.size() != count) {
        fail(key, fmt::format("is not a list of {} numbers", count));
    }
    return numbers;
}

std::vector<double> JsonFields::matrix(const char* key) {
    std::vector<double> numbers;
    for (const auto& row : field(key, &json::is_array, "a list")) {
        const auto more = numbers_of(row, key);
        numbers.insert(numbers.end(), more.begin(), more.end());
    }
    return numbers;
}

JsonFields JsonFields::object(const char* key) {
    return JsonFields(field(key), name(key), *file_);
}

std::vector<JsonFields> JsonFields::objects(const char* key) {
    std::vector<JsonFields> objects;
    for (const auto& item : field(key, &json::is_array, "a list")) {
        objects.emplace_back(item, fmt::format("{}[{}]", name(key), objects.size()), *file_);
    }
    return objects;
}

void JsonFields::finish() const {
    for (const auto& [key, ignored] : value_->items()) {
        if (!formats::has(seen_, key)) {
            base::fail_in(*file_,
                          "{} is no field of this schema; was it written by another program?",
                          printable(name(key)));
        }
    }
}

void read_json_rows(const std::filesystem::path& file, const std::vector<std::string_view>& wanted,
                    const std::function<void(JsonFields&)>& use) {
    constexpr std::size_t most_values = 64, longest_text = 4096;
    std::size_t row = 0, values = 0;
    std::vector<std::string_view> seen;
    std::string_view field;  // the wanted one that is being read, else empty
    const auto keep = [&](int depth, Event event, const json& value) {
        const bool is_row = event == Event::object_start || event == Event::object_end;
        const bool is_list = event == Event::array_start || event == Event::array_end;
        if (depth < 2 && !(depth == 0 ? is_list : is_row)) {
            base::fail_in(file, "[{}]: must be a list of objects; is it another file?", row);
        }
        const auto refuse = [&](const char* why) {
            base::fail_in(file, "[{}].{} {}; is the file damaged?", row, field, why);
        };
        if (depth == 1 && event == Event::object_end) {
            JsonFields fields(value, fmt::format("[{}]", row++), file);
            use(fields);
            return false;  // it need not be kept
        }
        if (depth == 1) {
            seen.clear();
        } else if (depth == 2 && event == Event::key) {
            const auto found =
                std::find(wanted.begin(), wanted.end(), value.get_ref<const std::string&>());
            field = found == wanted.end() ? std::string_view() : *found;
            values = 0;
            if (!field.empty() && has(seen, field)) {
                refuse("occurs twice");
            }
            seen.push_back(field);
        } else if (!field.empty() && event != Event::object_end && event != Event::array_end) {
            if (++values > most_values) {
                refuse("has more than 64 values");
            }
            if (value.is_string() && value.get_ref<const std::string&>().size() > longest_text) {
                refuse("is longer than 4096 bytes");
            }
        }
        return depth < 2 || !field.empty();
    };
    const base::MappedFile mapped(file);
    const auto bytes = mapped.bytes();
    parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file, keep);
}

}  // namespace distillar::formats
