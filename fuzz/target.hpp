#pragma once
/// What the fuzz targets share. A target is one file named after it that defines FUZZ_TARGET(name):
/// a function of `bytes` that must return whatever they hold. The one exception that a reader may
/// throw is base::Error, in one line; everything else (a crash, another exception, a broken
/// promise, memory beyond the limits) is a finding.
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

#include "base/error.hpp"

namespace distillar::fuzz {

using Bytes = std::span<const std::byte>;

/// A broken promise of the code under test.
class Finding : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

inline void require(bool holds, const char* promise) {
    if (!holds) {
        throw Finding(promise);
    }
}

/// Runs a reader, which may throw base::Error with a message as the style asks for.
template <typename Read>
void survive(Read&& read) {
    constexpr std::size_t longest_message = 4096;
    try {
        read();
    } catch (const base::Error& error) {
        const std::string message = error.what();
        require(message.size() <= longest_message, "a message is longer than 4096 bytes");
        require(message.find_first_of("\n\r\x1b") == std::string::npos,
                "a message is not one plain line");
    }
}

inline std::string text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Values taken off the front of the bytes; zeros when they are used up.
class Input {
public:
    explicit Input(Bytes bytes) : rest_(bytes) {}

    template <typename Value>
    Value take() {
        Value value{};
        const Bytes part = take_bytes(sizeof(Value));
        if (!part.empty()) {
            std::memcpy(&value, part.data(), part.size());
        }
        return value;
    }
    /// 0 to `most`.
    std::size_t up_to(std::size_t most) { return take<std::uint16_t>() % (most + 1); }
    Bytes take_bytes(std::size_t count) {
        const Bytes part = rest_.first(std::min(count, rest_.size()));
        rest_ = rest_.subspan(part.size());
        return part;
    }
    Bytes rest() const { return rest_; }

private:
    Bytes rest_;
};

using Target = void (*)(Bytes bytes);

/// For the replay: all targets that are linked in.
struct Registration {
    Registration(const char* name, Target target);
};

}  // namespace distillar::fuzz

#ifdef DISTILLAR_FUZZ_REPLAY
#define FUZZ_TARGET(name)                                                           \
    static void run_target(::distillar::fuzz::Bytes bytes);                         \
    static const ::distillar::fuzz::Registration registration_(#name, &run_target); \
    static void run_target([[maybe_unused]] ::distillar::fuzz::Bytes bytes)
#else
#define FUZZ_TARGET(name)                                                               \
    static void run_target(::distillar::fuzz::Bytes bytes);                             \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
        run_target(std::as_bytes(std::span(data, size)));                               \
        return 0;                                                                       \
    }                                                                                   \
    static void run_target([[maybe_unused]] ::distillar::fuzz::Bytes bytes)
#endif
