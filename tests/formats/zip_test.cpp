#include "formats/zip.hpp"

#include <gtest/gtest.h>

#include "formats/zip_bytes.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::le;
using test::zip_file;
using test::ZipPart;

class Zip : public testing::Test {
protected:
    std::string read(const std::string& bytes, const std::string& name) {
        test::write_bytes(file_, bytes);
        formats::ZipFile zip(std::make_shared<const base::MappedFile>(file_), file_);
        const auto content = zip.read(name);
        return {reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size()};
    }
    std::string message(const std::string& bytes, const std::string& name = "a") {
        return error_of([&] { read(bytes, name); });
    }
    std::string message(const ZipPart& part) { return message(zip_file({part})); }

    test::MemoryFolder folder_;
    std::filesystem::path file_ = folder_ / "case.zip";
};

TEST_F(Zip, StoredAndDeflated) {
    const std::string content(1000, 'z');
    const auto bytes = zip_file({{.name = "a", .content = content},
                                 {.name = "b/c", .content = content, .deflate = true},
                                 {.name = "empty", .content = ""},
                                 {.name = "none", .content = "", .deflate = true}});
    EXPECT_EQ(read(bytes, "a"), content);
    EXPECT_EQ(read(bytes, "b/c"), content);
    EXPECT_EQ(read(bytes, "empty"), "");
    EXPECT_EQ(read(bytes, "none"), "");
    EXPECT_NE(message(bytes, "d").find("no zip entry d"), std::string::npos);
}

TEST_F(Zip, CommentsAndZip64) {
    EXPECT_EQ(read(zip_file({{.name = "a", .content = "x"}}, "a comment PK\5\6"), "a"), "x");
    EXPECT_EQ(read(zip_file({{.name = "a", .content = "x"}}, "", true), "a"), "x");
    const std::string sizes =
        le(std::uint16_t{1}) + le(std::uint16_t{16}) + le(std::uint64_t{1}) + le(std::uint64_t{1});
    ZipPart part{.name = "a", .content = "x", .flags = 8, .size = 0xFFFFFFFF, .packed = 0xFFFFFFFF};
    part.extra = le(std::uint16_t{7}) + le(std::uint16_t{2}) + "yy" + sizes;
    EXPECT_EQ(read(zip_file({part}), "a"), "x");
    part.extra = "";
    EXPECT_NE(message(part).find("zip64"), std::string::npos);
    part.extra = sizes.substr(0, 12);
    message(part);
    part.extra = le(std::uint16_t{1}) + le(std::uint16_t{16}) + le(~std::uint64_t{0}) +
                 le(~std::uint64_t{0});
    EXPECT_NE(message(part).find("exceeds the file"), std::string::npos);
}

TEST_F(Zip, EveryPrefixAndChangeIsSurvived) {
    for (const bool zip64 : {false, true}) {
        const auto bytes = zip_file({{.name = "a", .content = "content"},
                                     {.name = "b", .content = "more content", .deflate = true}},
                                    "", zip64);
        const auto both = [&] {
            formats::ZipFile zip(std::make_shared<const base::MappedFile>(file_), file_);
            zip.read("a");
            zip.read("b");
        };
        test::expect_prefixes_fail(bytes, file_, both);
        test::expect_changes_survive(bytes, file_, both);
        EXPECT_NE(message(bytes + "junk").find("appended"), std::string::npos);
    }
}

TEST_F(Zip, SizesThatLie) {
    EXPECT_NE(message({.name = "a", .content = "abc", .size = 4}).find("differ"),
              std::string::npos);
    message({.name = "a", .content = "abc", .packed = 400});
    message({.name = "a", .content = "abc", .size = 0x7FFFFFFF, .packed = 0x7FFFFFFF});
    EXPECT_NE(message({.name = "a", .content = "abc", .local_size = 4}).find("other sizes"),
              std::string::npos);
    const std::string zeros(100'000, '\0');
    message({.name = "a", .content = zeros, .deflate = true, .size = 99'999});
    message({.name = "a", .content = zeros, .deflate = true, .size = 100'001});
    // A promise no deflate stream can keep is refused before memory is taken for it.
    EXPECT_NE(message({.name = "a", .content = zeros, .deflate = true, .size = 0xFFFFFFF0})
                  .find("cannot decompress"),
              std::string::npos);
}

TEST_F(Zip, BombsEndAtTheLimit) {
    // 1.2 MB that promise (and could be) more than 256 MiB.
    const ZipPart bomb{
        .name = "a", .content = std::string(1'200'000, 'x'), .method = 8, .size = (1u << 28) + 1};
    EXPECT_NE(message(bomb).find("decompress to 268435457 bytes, more than the limit of 268435456"),
              std::string::npos);
}

TEST_F(Zip, DamageIsFound) {
    EXPECT_NE(message({.name = "a", .content = "abc", .checksum = 1}).find("checksum"),
              std::string::npos);
    EXPECT_NE(message({.name = "a", .content = "abc", .flags = 1}).find("encrypted"),
              std::string::npos);
    EXPECT_NE(message({.name = "a", .content = "abc", .method = 12}).find("method 12"),
              std::string::npos);
    EXPECT_NE(message({.name = "a", .content = "abc", .local_name = "b"}).find("another name"),
              std::string::npos);
    message({.name = "a", .content = "not deflated", .method = 8});
    EXPECT_NE(message(zip_file({{.name = "a", .content = "1"}, {.name = "a", .content = "2"}}))
                  .find("twice"),
              std::string::npos);
}

TEST_F(Zip, DirectoriesThatLie) {
    const auto bytes = zip_file({{.name = "a", .content = "abc"}});
    const auto end = bytes.size() - 22;
    const auto with = [&](std::size_t at, const std::string& value) {
        std::string changed = bytes;
        changed.replace(end + at, value.size(), value);
        return message(changed);
    };
    with(10, le(std::uint16_t{2}));           // more entries than there are
    with(10, le(std::uint16_t{0}));           // fewer
    with(12, le(std::uint32_t{0x7FFFFFFF}));  // size
    with(16, le(std::uint32_t{0xFFFFFFF0}));  // offset
    with(16, le(std::uint32_t{0xFFFFFFFF}));  // zip64, which is not there
    with(20, le(std::uint16_t{5}));           // comment
    auto wide = zip_file({{.name = "a", .content = "abc"}}, "", true);
    wide.replace(wide.size() - 22 - 12, 8, le(~std::uint64_t{0} - 7));
    EXPECT_NE(message(wide).find("zip64"), std::string::npos);
}

}  // namespace
}  // namespace distillar
