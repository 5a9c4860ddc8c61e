#pragma once
/// Private to study: the words that its jobs give to this program.
#include <filesystem>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace distillar::study {

using Words = std::vector<std::string>;

Words simulate_words(const Drive& drive);
Words train_words(const Recipe& recipe, const std::vector<std::string>& overrides,
                  const std::filesystem::path& folder);
/// @param selection  the test's data.
/// @param report     "" = none.
Words test_words(const Test& test, const datasets::Selection& selection,
                 const std::filesystem::path& model, const std::filesystem::path& json,
                 const std::filesystem::path& report);

}  // namespace distillar::study
