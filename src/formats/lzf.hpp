#pragma once
/// Private to formats: LZF, the compression of binary_compressed PCD, by liblzf. Sizes are below
/// 4 GiB.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace distillar::formats {

/// No LZF stream of n bytes holds more than n times this.
inline constexpr std::uint64_t lzf_best_ratio = 88;

std::vector<std::byte> lzf_compress(std::span<const std::byte> bytes);

/// Fills `target` exactly. @return false if the bytes are no LZF stream of that size.
bool lzf_decompress(std::span<const std::byte> bytes, std::span<std::byte> target);

}  // namespace distillar::formats
