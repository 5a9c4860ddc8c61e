#include "study/placeholders.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "training/config.hpp"

namespace distillar::study {

namespace {

bool is_word(const std::string& text) {
    return !text.empty() && text.find_first_not_of(
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
                                "+.") == std::string::npos;
}

std::string entries_of(const Data& data) {
    std::vector<std::string> entries;
    for (const auto& selection : data.selections) {
        entries.push_back(training::selection_text(selection));
    }
    return base::join(entries);
}

}  // namespace

std::string Placeholders::value_of(const std::string& word, std::set<std::string>& used) const {
    std::vector<std::string> known{"seed", "out"};
    const auto data = [&](const std::string& name) {
        used.insert(name);
        return entries_of(study.data.at(name));
    };
    if (word == "seed") {
        return std::to_string(seed);
    }
    if (word == "out") {
        return out;
    }
    for (const auto& [name, each] : study.data) {
        known.push_back("data." + name);
        if (word == known.back()) {
            return data(name);
        }
    }
    if (setting != nullptr) {
        known.insert(known.end(), {"setting", "source"});
        if (word == "setting") {
            return setting->labels;
        }
        if (word == "source" && !setting->source.empty()) {
            return data(setting->source);
        }
    }
    if (setting != nullptr && !of_source) {
        known.emplace_back("target");
        if (word == "target" && !setting->target.empty()) {
            return data(setting->target);
        }
        for (const auto& [name, value] : setting->words) {
            known.push_back(name);
            if (word == name) {
                return value;
            }
        }
    }
    base::fail("{{{}}} means nothing {}; did you mean {{{}}}? there are: {}", word,
               setting == nullptr || of_source ? "in a shared recipe"
                                               : "for the setting '" + setting->name + "'",
               base::nearest_name(word, known), base::join(known));
}

std::string Placeholders::expand(const std::string& text, std::set<std::string>& data) const {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
        const std::string word = end == std::string::npos ? "" : text.substr(i + 1, end - i - 1);
        if (is_word(word)) {
            result += value_of(word, data);
            i = end + 1;
        } else {
            result += text[i++];
        }
    }
    return result;
}

}  // namespace distillar::study
