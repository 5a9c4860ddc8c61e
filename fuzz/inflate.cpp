/// Our inflate, which works piece by piece, against one call of zlib's.
#include "formats/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <optional>

#include "fuzz/target.hpp"

using namespace distillar;

namespace {

constexpr std::size_t limit = (std::size_t{1} << 20) + (1 << 16);  // beyond gunzip's first piece
constexpr int raw_window = -15, gzip_window = 15 + 16;

/// Nothing if the stream is damaged, ends early, is followed by anything, or exceeds the limit.
std::optional<std::vector<std::byte>> reference(int window, fuzz::Bytes bytes, bool whole) {
    std::vector<std::byte> out(limit);
    z_stream stream{};
    inflateInit2(&stream, window);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool good = inflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(stream.total_out);
    const bool rest = stream.avail_in != 0;
    inflateEnd(&stream);
    return good && !(whole && rest) ? std::optional(std::move(out)) : std::nullopt;
}

template <typename Read>
std::optional<std::vector<std::byte>> ours(Read&& read) {
    std::optional<std::vector<std::byte>> out;
    fuzz::survive([&] { out = read(); });
    return out;
}

}  // namespace

FUZZ_TARGET(inflate) {
    static const std::filesystem::path file = "a.gz";
    fuzz::require(ours([&] { return formats::gunzip(bytes, limit, file); }) ==
                      reference(gzip_window, bytes, true),
                  "gunzip differs from zlib");
    const auto raw = reference(raw_window, bytes, false);
    const std::size_t size = raw ? raw->size() : 0;
    const auto read = [&](std::size_t promised) {
        return ours([&] { return formats::inflate_raw(bytes, promised, file, "entry"); });
    };
    if (raw) {
        fuzz::require(read(size) == raw, "inflate_raw differs from zlib");
    }
    fuzz::require(!read(size + 1), "inflate_raw gives a size that the data do not have");
}
