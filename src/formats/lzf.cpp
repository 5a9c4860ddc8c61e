#include "formats/lzf.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace distillar::formats {

namespace {

constexpr std::size_t longest_literal = 32;
constexpr std::size_t shortest_copy = 3;
constexpr std::size_t longest_copy = 264;
constexpr std::size_t farthest_copy = 8192;
constexpr unsigned hash_bits = 15;

std::uint32_t hash_of_three(const std::byte* bytes) {
    const std::uint32_t three = std::to_integer<std::uint32_t>(bytes[0]) |
                                std::to_integer<std::uint32_t>(bytes[1]) << 8 |
                                std::to_integer<std::uint32_t>(bytes[2]) << 16;
    return three * 2654435761u >> (32 - hash_bits);
}

void put_literals(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), longest_literal);
        out.push_back(static_cast<std::byte>(count - 1));
        out.insert(out.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
    }
}

void put_copy(std::vector<std::byte>& out, std::size_t length, std::size_t distance) {
    const std::size_t code = length - 2;
    const std::size_t back = distance - 1;
    out.push_back(static_cast<std::byte>(std::min<std::size_t>(code, 7) << 5 | back >> 8));
    if (code >= 7) {
        out.push_back(static_cast<std::byte>(code - 7));
    }
    out.push_back(static_cast<std::byte>(back & 0xFF));
}

}  // namespace

std::vector<std::byte> lzf_compress(std::span<const std::byte> bytes) {
    constexpr std::size_t never = ~std::size_t{0};
    std::vector<std::size_t> last_seen(std::size_t{1} << hash_bits, never);
    std::vector<std::byte> out;
    out.reserve(bytes.size() / 2 + 16);
    std::size_t literals = 0;  // start of the bytes not yet written
    std::size_t at = 0;
    while (at + shortest_copy <= bytes.size()) {
        std::size_t& seen = last_seen[hash_of_three(bytes.data() + at)];
        const std::size_t from = seen;
        seen = at;
        if (from == never || at - from > farthest_copy ||
            std::memcmp(bytes.data() + from, bytes.data() + at, shortest_copy) != 0) {
            ++at;
            continue;
        }
        const std::size_t most = std::min(longest_copy, bytes.size() - at);
        std::size_t length = shortest_copy;
        while (length < most && bytes[from + length] == bytes[at + length]) {
            ++length;
        }
        put_literals(out, bytes.subspan(literals, at - literals));
        put_copy(out, length, at - from);
        at += length;
        literals = at;
    }
    put_literals(out, bytes.subspan(literals));
    return out;
}

std::optional<std::size_t> lzf_decompress(std::span<const std::byte> bytes,
                                          std::span<std::byte> target) {
    std::size_t in = 0;
    std::size_t out = 0;
    while (in < bytes.size()) {
        const std::size_t instruction = in;
        const auto control = std::to_integer<std::size_t>(bytes[in++]);
        if (control < longest_literal) {
            const std::size_t count = control + 1;
            if (count > bytes.size() - in || count > target.size() - out) {
                return instruction;
            }
            std::memcpy(target.data() + out, bytes.data() + in, count);
            in += count;
            out += count;
            continue;
        }
        std::size_t length = control >> 5;
        const std::size_t operands = length == 7 ? 2 : 1;
        if (operands > bytes.size() - in) {
            return instruction;
        }
        if (length == 7) {
            length += std::to_integer<std::size_t>(bytes[in++]);
        }
        length += 2;
        const std::size_t distance =
            ((control & 31) << 8) + std::to_integer<std::size_t>(bytes[in++]) + 1;
        if (distance > out || length > target.size() - out) {
            return instruction;
        }
        for (std::size_t i = 0; i < length; ++i, ++out) {  // the two ranges may overlap
            target[out] = target[out - distance];
        }
    }
    return out == target.size() ? std::nullopt : std::optional(bytes.size());
}

}  // namespace distillar::formats
