#pragma once
#include <set>
#include <string>

#include "study/study.hpp"

namespace distillar::study {

/// What stands in braces in the overrides of a run: {source}, {target}, {data.NAME} become entries
/// of a config's data list, separated by commas; {setting} the setting's labels; {seed}, {out}, and
/// the setting's own words themselves. Other braces are YAML's and stay.
struct Placeholders {
    const Study& study;
    const StudySetting* setting;  ///< null for a recipe that all settings share
    std::uint64_t seed = 0;
    std::string out;
    bool of_source = false;  ///< shared by settings with one source: {target}, words mean nothing

    /// @param data  names of the data that stood in the text are added.
    /// @throws base::Error for an unknown one, with the nearest.
    std::string expand(const std::string& text, std::set<std::string>& data) const;

private:
    std::string value_of(const std::string& word, std::set<std::string>& data) const;
};

}  // namespace distillar::study
