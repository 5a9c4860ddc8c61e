#pragma once
/// Private to cli: what is wrong with a place to write to is said before work starts.
#include <CLI/CLI.hpp>
#include <string>

namespace distillar::cli {

/// A file that can be made there, as far as one can see. @param extension  ".png"; "": any.
CLI::Validator output_file(const std::string& extension = "");

/// A folder, or a place where one can be made.
CLI::Validator output_folder();

}  // namespace distillar::cli
