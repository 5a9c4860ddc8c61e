#include "formats/inflate.hpp"

#include <zlib.h>

#include <algorithm>

#include "base/error.hpp"

namespace distillar::formats {

namespace {

constexpr int gzip_window = 15 + 16;  // zlib: largest window, gzip header and trailer
constexpr int raw_window = -15;       // zlib: no header
constexpr std::size_t max_step = std::size_t{1} << 30;

class Inflater {
public:
    Inflater(int window, std::span<const std::byte> bytes, const std::filesystem::path& file)
        : rest_(bytes), file_(file) {
        if (inflateInit2(&stream_, window) != Z_OK) {
            base::fail_in(file_, "cannot be decompressed: zlib is out of memory");
        }
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills `out` as far as the data go; returns the bytes written.
    std::size_t read(std::span<std::byte> out) {
        std::size_t written = 0;
        while (written < out.size() && !ended_) {
            const std::size_t in = std::min(rest_.size(), max_step);
            const std::size_t room = std::min(out.size() - written, max_step);
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(rest_.data()));
            stream_.avail_in = static_cast<uInt>(in);
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + written);
            stream_.avail_out = static_cast<uInt>(room);
            const int status = inflate(&stream_, Z_NO_FLUSH);
            rest_ = rest_.subspan(in - stream_.avail_in);
            const std::size_t made = room - stream_.avail_out;
            written += made;
            ended_ = status == Z_STREAM_END;
            if (!ended_ && (status != Z_OK || (made == 0 && rest_.empty()))) {
                base::fail_in(file_, "compressed data are {}; copy or download the file again",
                              rest_.empty() ? "truncated" : "damaged");
            }
        }
        return written;
    }

    /// True once the stream's end was seen (which may need one more read).
    bool ended() {
        std::byte probe;
        return ended_ || (read({&probe, 1}) == 0 && ended_);
    }

    std::size_t bytes_left() const { return rest_.size(); }

private:
    z_stream stream_{};
    std::span<const std::byte> rest_;
    const std::filesystem::path& file_;
    bool ended_ = false;
};

}  // namespace

std::vector<std::byte> gunzip(std::span<const std::byte> bytes, std::uint64_t limit,
                              const std::filesystem::path& file) {
    Inflater inflater(gzip_window, bytes, file);
    std::vector<std::byte> out;
    while (true) {
        const std::size_t before = out.size();
        const std::uint64_t step = std::max<std::uint64_t>(before, std::uint64_t{1} << 20);
        out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(before + step, limit)));
        const std::size_t made = inflater.read(std::span(out).subspan(before));
        if (before + made < out.size()) {
            out.resize(before + made);
            break;
        }
        if (out.size() == limit) {
            if (!inflater.ended()) {
                base::fail_in(file,
                              "decompresses to more than the limit of {} bytes; if you trust the "
                              "file, raise it: --limit inflated=BYTES",
                              limit);
            }
            break;
        }
    }
    if (inflater.bytes_left() != 0) {
        base::fail_in(file, "{} bytes follow the compressed data; remove what was appended",
                      inflater.bytes_left());
    }
    return out;
}

std::vector<std::byte> inflate_raw(std::span<const std::byte> bytes, std::uint64_t size,
                                   const std::filesystem::path& file, const std::string& name) {
    Inflater inflater(raw_window, bytes, file);
    std::vector<std::byte> out(static_cast<std::size_t>(size));
    if (inflater.read(out) != size || !inflater.ended()) {
        base::fail_in(file, "{}: does not decompress to the {} bytes it promises; it is damaged",
                      name, size);
    }
    return out;
}

}  // namespace distillar::formats
