#include "base/hash.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::base {
namespace {

TEST(Hash, IsXxh3Of128Bits) {
    // The published test vector of the empty input.
    EXPECT_EQ(hash_of(""), "99aa06d3014798d86001c324468d497f");
    EXPECT_EQ(hash_of("distillar").size(), 32U);
    EXPECT_NE(hash_of("distillar"), hash_of("distillaR"));
}

TEST(Hash, OfAFileIsThatOfItsBytes) {
    const test::TemporaryFolder folder;
    const auto file = test::write_bytes(folder / "a", "some bytes");
    EXPECT_EQ(hash_of_file(file), hash_of("some bytes"));
    EXPECT_EQ(hash_of_file(test::write_bytes(folder / "empty", "")), hash_of(""));
    EXPECT_NE(test::error_of([&] { hash_of_file(folder / "none"); }).find("no such file"),
              std::string::npos);
}

TEST(Hash, OfManyFilesIsReadOnceWhileTheyStay) {
    namespace fs = std::filesystem;
    const test::TemporaryFolder folder;
    const auto file = test::write_bytes(folder / "a", "first");
    const auto then = fs::last_write_time(file);
    FileHashes hashes;
    EXPECT_EQ(hashes.of(file), hash_of("first"));
    test::write_bytes(file, "other");  // same size, and as if at the same time
    fs::last_write_time(file, then);
    EXPECT_EQ(hashes.of(file), hash_of("first")) << "not read again";
    fs::last_write_time(file, then + std::chrono::seconds(1));
    EXPECT_EQ(hashes.of(file), hash_of("other"));
    test::write_bytes(file, "longer");
    fs::last_write_time(file, then + std::chrono::seconds(1));
    EXPECT_EQ(hashes.of(file), hash_of("longer"));
    fs::remove(file);
    EXPECT_NE(test::error_of([&] { hashes.of(file); }).find("no such file"), std::string::npos);
}

}  // namespace
}  // namespace distillar::base
