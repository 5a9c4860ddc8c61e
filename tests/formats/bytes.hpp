#pragma once
/// Builds hostile and small valid files byte by byte.
#include <zlib.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/data.hpp"
#include "support/memory_folder.hpp"

namespace distillar::test {

/// The little-endian bytes of a number.
template <typename Number>
std::string le(Number value) {
    std::string bytes(sizeof(Number), '\0');
    std::memcpy(bytes.data(), &value, sizeof(Number));
    return bytes;
}

inline std::string gzip(const std::string& bytes, int level = 6) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// Raw deflate, as zip entries have it: gzip less its 10-byte header and 8-byte trailer.
inline std::string deflate_raw(const std::string& bytes) {
    const std::string wrapped = gzip(bytes);
    return wrapped.substr(10, wrapped.size() - 18);
}

/// Every prefix of a small valid file must be an error that names the file, and never crash.
inline void expect_prefixes_fail(const std::string& bytes, const std::filesystem::path& file,
                                 const std::function<void()>& read, std::size_t step = 1) {
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        write_bytes(file, bytes.substr(0, size));
        const std::string message = error_of(read);
        ASSERT_NE(message.find(file.filename().string()), std::string::npos)
            << size << " of " << bytes.size() << " bytes: " << message;
        ASSERT_EQ(message.find('\n'), std::string::npos) << message;
    }
}

/// Every single-byte change either reads or is an error; it never crashes (sanitizers watch).
inline void expect_changes_survive(const std::string& bytes, const std::filesystem::path& file,
                                   const std::function<void()>& read, std::size_t step = 1) {
    for (std::size_t i = 0; i < bytes.size(); i += step) {
        for (const int flip : {0x01, 0x80, 0xFF}) {
            std::string changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ flip);
            write_bytes(file, changed);
            try {
                read();
            } catch (const std::runtime_error& error) {
                ASSERT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos);
            }
        }
    }
}

/// Pickle fragments.
namespace pk {

inline std::string text(const std::string& value) {
    return std::string("X") + le(static_cast<std::uint32_t>(value.size())) + value;
}
inline std::string bytes(const std::string& value) {
    return std::string("B") + le(static_cast<std::uint32_t>(value.size())) + value;
}
inline std::string integer(std::int32_t value) {
    return std::string("J") + le(value);
}
inline std::string long_integer(std::int64_t value) {
    return std::string("\x8a\x08") + le(value);
}
inline std::string global(const std::string& module, const std::string& name) {
    return std::string("c") + module + "\n" + name + "\n";
}
template <typename... Items>
std::string tuple(const Items&... items) {
    return (std::string("(") + ... + items) + "t";
}
template <typename... Items>
std::string list(const Items&... items) {
    return (std::string("](") + ... + items) + "e";
}
/// key, value, key, value, ...
template <typename... Items>
std::string dictionary(const Items&... items) {
    return (std::string("}(") + ... + items) + "u";
}
inline std::string call(const std::string& callable, const std::string& arguments) {
    return callable + arguments + "R";
}
inline std::string whole(const std::string& value) {
    return std::string("\x80\x02") + value + ".";
}

}  // namespace pk

}  // namespace distillar::test
