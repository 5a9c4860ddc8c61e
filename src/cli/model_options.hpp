#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "inference/frame_predictor.hpp"

namespace distillar::cli {

/// Which model, and what runs it.
struct ModelOptions {
    std::filesystem::path model;
    std::string device = "cpu";
    std::string precision = "fp32";
    std::filesystem::path teacher;  ///< config whose image network a fused model looks with
    bool trust = false;

    /// --model, --device, --precision, --teacher, --trust. The object must live as long as the
    /// command.
    void add_to(CLI::App& command);

    /// The model, ready for frames; its file is read once.
    /// @param with_entropy  predictions tell their entropy.
    /// @throws base::Error as inference::open_predictor does, or for an option that means nothing
    ///         to this model.
    std::unique_ptr<inference::FramePredictor> open(bool with_entropy) const;
};

}  // namespace distillar::cli
