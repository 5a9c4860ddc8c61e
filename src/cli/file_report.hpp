#pragma once
/// Private to cli: what a file of tensors is and what model it holds.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "formats/tensor.hpp"

namespace distillar::cli {

struct FileReport {
    std::string container;  ///< "safetensors" or "torch.save"
    std::string kind;       ///< one line: "described model", "published checkpoint of ...", ...
    nlohmann::ordered_json model = nlohmann::ordered_json::object();  ///< sizes, description
    std::map<std::string, std::string> metadata;                      ///< without the description
    formats::Tensors tensors;
};

/// Reads a .safetensors or torch.save file (recognised by content) and says what it holds.
/// @throws base::Error if it is neither, or a description in it is broken.
FileReport report_on(const std::filesystem::path& file);

/// The tensors of a .safetensors or torch.save file.
formats::Tensors read_tensors(const std::filesystem::path& file);

}  // namespace distillar::cli
