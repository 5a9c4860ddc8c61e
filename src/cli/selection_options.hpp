#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "datasets/dataset.hpp"

namespace distillar::cli {

/// The words of data selection (architecture.md, "Choosing data") as options of a command. Lists
/// are separated by commas. The object must live as long as the command.
class SelectionOptions {
public:
    /// --format, --sequences (--scenes), --sensor, --frame-convention: where to look.
    void add_place_to(CLI::App& command);
    /// --frames, --split, --cameras, --labels: which frames, and what of them.
    void add_frames_to(CLI::App& command);
    /// Both.
    void add_to(CLI::App& command);

    /// @param argument  "PATH" or "FORMAT:PATH".
    /// @throws base::Error if the argument and --format name different formats.
    datasets::Selection selection(const std::string& argument) const;

private:
    std::string format_;
    std::vector<std::string> sequences_;
    std::string sensor_;
    std::vector<std::string> cameras_;
    std::string frames_;
    std::string split_ = "all";
    std::string frame_convention_ = "canonical";
    std::string labels_ = "yes";
};

}  // namespace distillar::cli
