#include "formats/json_fields.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

JsonFields::JsonFields(const nlohmann::json& value, std::string path, std::filesystem::path file)
    : value_(&value), path_(std::move(path)), file_(std::move(file)) {
    if (!value.is_object()) {
        wrong_type(path_.empty() ? "the description" : path_, "an object");
    }
}

void JsonFields::wrong_type(const std::string& name, const char* wanted) const {
    base::fail_in(file_, "model description: {} is not {}: the file is broken or not a model", name,
                  wanted);
}

const nlohmann::json& JsonFields::field(const char* key) {
    const auto found = value_->find(key);
    if (found == value_->end()) {
        base::fail_in(file_, "model description: {} is missing: the file is broken or not a model",
                      name(key));
    }
    seen_.insert(key);
    return *found;
}

const nlohmann::json& JsonFields::list(const char* key) {
    const auto& value = field(key);
    if (!value.is_array()) {
        wrong_type(name(key), "a list");
    }
    return value;
}

std::string JsonFields::text(const char* key) {
    const auto& value = field(key);
    if (!value.is_string()) {
        wrong_type(name(key), "a text");
    }
    return value.get<std::string>();
}

int JsonFields::integer(const char* key) {
    const auto& value = field(key);
    if (!value.is_number_integer() || value.get<double>() > std::numeric_limits<int>::max() ||
        value.get<double>() < std::numeric_limits<int>::min()) {
        wrong_type(name(key), "a 32-bit integer");
    }
    return value.get<int>();
}

float JsonFields::number(const char* key) {
    const auto& value = field(key);
    if (!value.is_number() || !std::isfinite(value.get<float>())) {
        wrong_type(name(key), "a finite number");
    }
    return value.get<float>();
}

std::vector<std::string> JsonFields::texts(const char* key) {
    std::vector<std::string> texts;
    for (const auto& item : list(key)) {
        if (!item.is_string()) {
            wrong_type(name(key), "a list of texts");
        }
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::vector<std::int64_t> JsonFields::integers(const char* key, std::size_t count) {
    std::vector<std::int64_t> numbers;
    for (const auto& item : list(key)) {
        if (!item.is_number_integer()) {
            wrong_type(name(key), "a list of integers");
        }
        numbers.push_back(item.get<std::int64_t>());
    }
    if (numbers.size() != count) {
        wrong_type(name(key), fmt::format("a list of {} integers", count).c_str());
    }
    return numbers;
}

std::vector<double> JsonFields::numbers(const char* key, std::size_t count) {
    std::vector<double> numbers;
    for (const auto& item : list(key)) {
        if (!item.is_number() || !std::isfinite(item.get<float>())) {
            wrong_type(name(key), "a list of finite numbers");
        }
        numbers.push_back(item.get<double>());
    }
    if (numbers.size() != count) {
        wrong_type(name(key), fmt::format("a list of {} numbers", count).c_str());
    }
    return numbers;
}

JsonFields JsonFields::object(const char* key) {
    return JsonFields(field(key), name(key), file_);
}

std::vector<JsonFields> JsonFields::objects(const char* key) {
    std::vector<JsonFields> objects;
    for (const auto& item : list(key)) {
        objects.emplace_back(item, fmt::format("{}[{}]", name(key), objects.size()), file_);
    }
    return objects;
}

void JsonFields::finish() const {
    for (const auto& [key, ignored] : value_->items()) {
        if (!seen_.contains(key)) {
            base::fail_in(file_,
                          "model description: {} is no field of this schema: the file was written "
                          "by another program",
                          printable(name(key.c_str())));
        }
    }
}

}  // namespace distillar::formats
