#pragma once
/// Tables of files that must be refused.
#include <gtest/gtest.h>

#include <functional>

#include "formats/bytes.hpp"
#include "formats/peak_memory.hpp"

namespace distillar::test {

struct Attack {
    const char* name;
    std::function<void(const std::filesystem::path&)> read;
    std::string bytes;
    const char* message;  ///< a part of it
};

inline std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

/// Refused in little memory, with one line that names the file and says what is wrong.
inline void expect_refused(const Attack& attack) {
    SCOPED_TRACE(attack.name);
    const MemoryFolder folder;
    const auto file = write_bytes(folder / "attack", attack.bytes);
    const PeakMemory memory;
    const std::string message = error_of([&] { attack.read(file); });
    EXPECT_WITHIN_MEMORY(memory, attack.bytes.size());
    EXPECT_NE(message.find(attack.message), std::string::npos) << message;
    EXPECT_NE(message.find("attack"), std::string::npos) << message;
    EXPECT_EQ(message.find_first_of("\n\x1b"), std::string::npos) << message;
    EXPECT_LT(message.size(), 2500u);
}

}  // namespace distillar::test
