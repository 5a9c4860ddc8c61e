#pragma once
/// Private to formats: LZF, the compression of binary_compressed PCD (Lehmann's LibLZF format):
/// a control byte c < 32 is followed by c + 1 literal bytes; any other is a copy of
/// (c >> 5) + 2 bytes (7: plus the next byte) from (c & 31) * 256 + next byte + 1 bytes back.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace distillar::formats {

/// No LZF stream of n bytes holds more than n times this.
inline constexpr std::uint64_t lzf_best_ratio = 88;

std::vector<std::byte> lzf_compress(std::span<const std::byte> bytes);

/// Fills `target` exactly. @return nothing if all is well, else the offset in `bytes` of the
/// instruction that is cut off, reaches before the start or past the end.
std::optional<std::size_t> lzf_decompress(std::span<const std::byte> bytes,
                                          std::span<std::byte> target);

}  // namespace distillar::formats
