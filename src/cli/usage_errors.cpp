#include "cli/usage_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace distillar::cli {

namespace {

std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const auto& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

/// About the word that no option or command takes: a misspelt one, most of the time.
std::string about_word(const CLI::App& root, const CLI::App& command, const std::string& word) {
    const std::string name = word.substr(0, word.find('='));
    if (name.starts_with("-")) {
        return fmt::format("unknown option {}; did you mean {}?", name,
                           base::nearest_name(name, option_names(command)));
    }
    if (&command == &root) {
        const auto known = command_names(root);
        return fmt::format("unknown command '{}'; did you mean '{}'? There are: {}", word,
                           base::nearest_name(word, known), base::join(known));
    }
    return fmt::format("'{}' is one argument too many (lists are separated by commas)", word);
}

}  // namespace

std::string usage_error(const CLI::App* app, const CLI::Error& error) {
    const auto parsed = app->get_subcommands();
    const CLI::App& command = parsed.empty() ? *app : *parsed.back();
    auto words = app->remaining(true);
    const auto misspelt = std::find_if(words.begin(), words.end(),
                                       [](const std::string& word) { return word[0] == '-'; });
    std::string what;
    if (misspelt != words.end()) {
        what = about_word(*app, command, *misspelt);
    } else if (!words.empty()) {
        what = about_word(*app, command, words.front());
    } else if (parsed.empty()) {
        what = "say what to do: " + base::join(command_names(*app));
    } else {
        what = error.what();
    }
    const std::string help = parsed.empty()
                                 ? std::string("distillar --help")
                                 : fmt::format("distillar {} --help", command.get_name());
    return fmt::format("distillar: error: {} (see {})\n", base::one_line(what), help);
}

}  // namespace distillar::cli
