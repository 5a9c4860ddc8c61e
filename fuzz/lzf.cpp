/// LZF there and back, and the decompression of anything.
#include "formats/lzf.hpp"

#include <algorithm>

#include "fuzz/target.hpp"

using namespace distillar;

FUZZ_TARGET(lzf) {
    fuzz::Input input(bytes);
    std::vector<std::byte> target(input.take<std::uint16_t>());
    const bool whole = formats::lzf_decompress(input.rest(), target);
    fuzz::require(!whole || target.size() <= input.rest().size() * formats::lzf_best_ratio,
                  "more than the best ratio");

    const auto packed = formats::lzf_compress(bytes);
    std::vector<std::byte> again(bytes.size());
    fuzz::require(formats::lzf_decompress(packed, again), "what was compressed is refused");
    fuzz::require(std::ranges::equal(again, bytes), "what was compressed comes back otherwise");
}
