#pragma once
#include <cstddef>
#include <filesystem>
#include <span>

namespace distillar::formats {

/// What people take for weights by mistake: fails, saying what it is and what to do, where the
/// bytes are the beginning of a web page, of a Git LFS pointer or of a program's text.
/// @throws base::Error naming the file.
void refuse_other_kinds(std::span<const std::byte> bytes, const std::filesystem::path& file);

}  // namespace distillar::formats
