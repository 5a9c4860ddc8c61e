#include "base/schema.hpp"

#include <algorithm>
#include <cmath>

#include "base/files.hpp"
#include "base/text.hpp"

namespace distillar::base {

bool Range::holds(double value) const {
    return std::isfinite(value) && (above ? value > low : value >= low) &&
           (below ? value < high : value <= high);
}

std::string Range::text() const {
    if (std::isinf(high)) {
        return above ? fmt::format("above {}", low) : fmt::format("{} or above", low);
    }
    if (below) {
        return fmt::format("in [{}, {})", low, high);
    }
    return above ? fmt::format("above {}, at most {}", low, high)
                 : fmt::format("{} to {}", low, high);
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) {
            result += fmt::format("\\x{:02x}", byte);
            continue;
        }
        if (character == '"' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result + '"';
}

std::string quoted_list(const std::vector<std::string>& texts) {
    std::string result;
    for (const auto& text : texts) {
        result += (result.empty() ? "" : ", ") + quoted(text);
    }
    return "[" + result + "]";
}

void Schema::add_field(Field field) {
    fields_.push_back(std::move(field));
}

void Schema::add_choice(const std::string& key, const std::vector<std::string>& names,
                        const std::string& meaning, std::function<void(const std::string&)> set,
                        std::function<std::string()> text) {
    add_field({key, join(names, " | "), meaning,
               [names, set = std::move(set)](const Yaml& yaml) {
                   const auto name = yaml.as<std::string>();
                   if (std::find(names.begin(), names.end(), name) == names.end()) {
                       yaml.fail(fmt::format("'{}' is not one of: {}", name, join(names)));
                   }
                   set(name);
               },
               std::move(text)});
}

void Schema::add_path(const std::string& key, std::filesystem::path& value,
                      const std::string& meaning) {
    add_field({key, "", meaning,
               [&value](const Yaml& yaml) {
                   const auto text = yaml.as<std::string>();
                   value = text.empty() ? std::filesystem::path() : expand_path(text);
               },
               [&value] { return base::quoted(value.string()); }});
}

Schema& Schema::section(const std::string& key, const std::string& meaning) {
    add_field({key, "", meaning, {}, {}, std::make_shared<Schema>()});
    return *fields_.back().section;
}

void Schema::refuse(const std::string& key, const std::string& why) {
    add_field({key, "", "", [why](const Yaml& yaml) { yaml.fail(why); }, {}});
}

const Schema::Field* Schema::find(const std::string& key) const {
    const auto found = std::find_if(fields_.begin(), fields_.end(),
                                    [&](const Field& field) { return field.key == key; });
    return found == fields_.end() ? nullptr : &*found;
}

void Schema::read(const Yaml& yaml) const {
    std::vector<std::string> known;
    for (const auto& field : fields_) {
        known.push_back(field.key);
    }
    yaml.allow_keys(known);
    for (const auto& field : fields_) {
        if (const auto value = yaml.find(field.key)) {
            field.section ? field.section->read(*value) : field.read(*value);
        }
    }
    for (const auto& holds : checks_) {
        holds(yaml);
    }
}

std::string Schema::text(int indent) const {
    std::string text;
    for (const auto& field : fields_) {
        const std::string name = std::string(static_cast<std::size_t>(indent), ' ') + field.key;
        if (field.section) {
            text += name + ":\n" + field.section->text(indent + 2);
        } else if (const auto value = field.text ? field.text() : ""; !value.empty()) {
            text += name + ":" + (value.front() == '\n' ? "" : " ") + value + "\n";
        }
    }
    return text;
}

std::string Schema::reference(int indent) const {
    constexpr int column = 40;
    std::string text;
    for (const auto& field : fields_) {
        if (field.meaning.empty()) {
            continue;
        }
        const std::string value = field.section ? "" : field.text();
        const char* comment = field.section || !value.empty() ? "" : "# ";  // no value to show
        const std::string line =
            fmt::format("{:{}}{}{}: {}", "", indent, comment, field.key, trim(value));
        text += fmt::format("{:<{}} # {}{}{}\n", line, column, field.range,
                            field.range.empty() ? "" : "; ", field.meaning);
        text += field.section ? field.section->reference(indent + 2) : "";
    }
    return text;
}

bool Schema::knows(const std::string& dotted_key) const {
    const auto dot = dotted_key.find('.');
    const Field* field = find(dotted_key.substr(0, dot));
    if (field == nullptr || dot == std::string::npos) {
        return field != nullptr && !field->meaning.empty();
    }
    return field->section && field->section->knows(dotted_key.substr(dot + 1));
}

std::string Schema::unknown_key(const Yaml& yaml) const {
    for (const auto& [key, value] : yaml.items()) {
        const Field* field = find(key);
        if (field == nullptr) {
            return key;
        }
        const auto below =
            field->section && value.is_map() ? field->section->unknown_key(value) : "";
        if (!below.empty()) {
            return key + "." + below;
        }
    }
    return "";
}

}  // namespace distillar::base
