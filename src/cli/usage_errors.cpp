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

/// "distillar teacher": the programs' and commands' names down to this one.
std::string full_name(const CLI::App& command) {
    const auto* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

/// About the word that no option or command takes: a misspelt one, most of the time.
std::string about_word(const CLI::App& command, const std::string& word) {
    const std::string name = word.substr(0, word.find('='));
    if (name.starts_with("-")) {
        return fmt::format("unknown option {}; did you mean {}?", name,
                           base::nearest_name(name, option_names(command)));
    }
    const auto known = command_names(command);
    if (!known.empty()) {
        return fmt::format("unknown command '{}'; did you mean '{}'? There are: {}", word,
                           base::nearest_name(word, known), base::join(known));
    }
    return fmt::format("'{}' is one argument too many (lists are separated by commas)", word);
}

/// CLI11 says "Could not convert: --frames = many".
std::string about_value(const CLI::Error& error) {
    const std::string what = error.what();
    constexpr std::string_view conversion = "Could not convert: ";
    return what.starts_with(conversion) ? what.substr(conversion.size()) + ": expected a number"
                                        : what;
}

}  // namespace

std::string usage_error(const CLI::App* app, const CLI::Error& error) {
    const CLI::App* command = app;
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().back();
    }
    const auto words = app->remaining(true);
    const auto misspelt = std::find_if(words.begin(), words.end(),
                                       [](const std::string& word) { return word[0] == '-'; });
    const auto known = command_names(*command);
    std::string what;
    if (misspelt != words.end()) {
        what = about_word(*command, *misspelt);
    } else if (!words.empty()) {
        what = about_word(*command, words.front());
    } else if (!known.empty()) {
        what = "say what to do: " + base::join(known);
    } else {
        what = about_value(error);
    }
    return fmt::format("distillar: error: {} (see {} --help)\n", base::one_line(what),
                       full_name(*command));
}

}  // namespace distillar::cli
