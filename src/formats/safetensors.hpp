#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "formats/tensor.hpp"

namespace distillar::formats {

/// A safetensors file: tensors (memory-mapped, zero-copy) and its string metadata.
struct SafeTensors {
    std::map<std::string, std::string> metadata;
    Tensors tensors;
};

/// Reads with the format's own limits as checks: header <= 100 MB, offsets that neither overlap nor
/// leave holes nor exceed the file, no duplicate key, sizes that match dtype and shape.
SafeTensors read_safetensors(const std::filesystem::path& file);

/// Metadata alone (the whole header is checked all the same; no tensor data are read).
std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file);

/// Written atomically. Wider dtypes come first and names ascend within one width, as the format's
/// own writer does, and the header is padded to 8 bytes: every tensor is aligned to its dtype.
/// @throws base::Error if a tensor's bytes do not match its shape, or text is not UTF-8.
void write_safetensors(const std::filesystem::path& file, const Tensors& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace distillar::formats
