#include "formats/lzf.hpp"

#include <lzf.h>

namespace distillar::formats {

std::vector<std::byte> lzf_compress(std::span<const std::byte> bytes) {
    if (bytes.size() < 2) {  // liblzf reads two: a run of one literal, or nothing
        return bytes.empty() ? std::vector<std::byte>{} : std::vector{std::byte{0}, bytes[0]};
    }
    std::vector<std::byte> packed(bytes.size() + bytes.size() / 16 +
                                  64);  // the worst case is 104 %
    packed.resize(::lzf_compress(bytes.data(), static_cast<unsigned>(bytes.size()), packed.data(),
                                 static_cast<unsigned>(packed.size())));
    return packed;
}

bool lzf_decompress(std::span<const std::byte> bytes, std::span<std::byte> target) {
    if (bytes.empty() || target.empty()) {  // liblzf reads the first byte whatever the size
        return bytes.empty() && target.empty();
    }
    return ::lzf_decompress(bytes.data(), static_cast<unsigned>(bytes.size()), target.data(),
                            static_cast<unsigned>(target.size())) == target.size();
}

}  // namespace distillar::formats
