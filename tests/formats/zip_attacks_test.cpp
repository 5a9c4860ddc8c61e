/// Zip files whose entries share bytes or point elsewhere, and what a pickle inside may try.
#include <gtest/gtest.h>

#include "formats/peak_memory.hpp"
#include "formats/pth.hpp"
#include "formats/zip.hpp"
#include "formats/zip_bytes.hpp"

namespace distillar {
namespace {

using test::le;
using test::zip_file;
using test::ZipPart;
namespace pk = test::pk;

class ZipAttacks : public testing::Test {
protected:
    /// What reading every entry ends with.
    std::string message(const std::string& bytes) {
        test::write_bytes(file_, bytes);
        const test::PeakMemory memory;
        const std::string text = test::error_of([&] {
            formats::ZipFile zip(std::make_shared<const base::MappedFile>(file_), file_);
            for (const auto& [name, entry] : zip.entries()) {
                zip.read(name);
            }
        });
        EXPECT_WITHIN_MEMORY(memory, bytes.size());
        EXPECT_EQ(text.find_first_of("\n\x1b"), std::string::npos) << text;
        return text;
    }
    void expect(const std::string& bytes, const std::string& part) {
        const std::string text = message(bytes);
        EXPECT_NE(text.find(part), std::string::npos) << text;
    }
    /// Says in the directory that an entry (by its place there) begins elsewhere.
    static std::string moved(std::string bytes, int entry, std::uint32_t offset) {
        std::size_t at = 0;
        for (int i = 0; i <= entry; ++i) {
            at = bytes.find("PK\1\2", at + 1);
        }
        return bytes.replace(at + 42, 4, le(offset));
    }

    test::MemoryFolder folder_;
    std::filesystem::path file_ = folder_ / "attack.zip";
};

TEST_F(ZipAttacks, EntriesThatOverlap) {
    const ZipPart b{.name = "b", .content = "content"};
    const std::uint32_t over_b = 3 + 31 + 2;  // "abc", the header of b, and some of b
    expect(zip_file({{.name = "a", .content = "abc", .size = over_b, .packed = over_b}, b}),
           "zip entry a: it overlaps another entry or the directory");
    const std::string good = zip_file({{.name = "a", .content = "abc"}, b});
    expect(moved(good, 1, 0), "it overlaps another entry");  // both at one place
    // Into the directory: the entry would hold what describes it.
    expect(zip_file({{.name = "a", .content = "abc", .size = 20, .packed = 20}}), "it overlaps");
}

TEST_F(ZipAttacks, EntriesThatPointOutside) {
    const std::string good = zip_file({{.name = "a", .content = "abc"}});
    for (const std::uint32_t offset : {1u, 60u, 0x7FFFFFFFu, 0xFFFFFFF0u}) {
        expect(moved(good, 0, offset), "its header is not where the directory says");
    }
    const auto end = static_cast<std::uint32_t>(good.size() - 2);
    expect(moved(good, 0, end), "its header is not where the directory says");
}

/// Fifield's bomb: many names for one packed kernel.
TEST_F(ZipAttacks, ManyEntriesOverOneKernel) {
    std::vector<ZipPart> parts{
        {.name = "0", .content = std::string(1'000'000, 'z'), .deflate = true}};
    for (int i = 1; i < 200; ++i) {
        parts.push_back({.name = std::to_string(i), .content = "", .local_name = "0"});
    }
    std::string bytes = zip_file(parts);
    for (int i = 1; i < 200; ++i) {
        bytes = moved(bytes, i, 0);
    }
    expect(bytes, "it overlaps another entry");
}

TEST_F(ZipAttacks, NamesWithLineEndsAreShownPlain) {
    expect(zip_file({{.name = "a\n\x1b[2J", .content = "abc", .checksum = 1}}),
           "zip entry a??[2J: the checksum does not match");
}

const std::string zero("K\0", 2);  // the integer, as a pickle has it

std::string pth(const std::string& pickled, bool deflate = false) {
    return zip_file({{.name = "m/data.pkl", .content = pickled, .deflate = deflate},
                     {.name = "m/data/0", .content = std::string(24, '\1')}});
}

class PthAttacks : public ZipAttacks {
protected:
    void expect_pth(const std::string& bytes, const std::string& part) {
        test::write_bytes(file_, bytes);
        const std::string text = test::error_of([&] { formats::read_pth(file_); });
        EXPECT_NE(text.find(part), std::string::npos) << text;
        EXPECT_EQ(text.find_first_of("\n\x1b"), std::string::npos) << text;
    }
    static std::string tensor(const std::string& key, std::int64_t count, const std::string& shape,
                              const std::string& strides) {
        const std::string id = pk::tuple(pk::text("storage"), pk::global("torch", "FloatStorage"),
                                         pk::text(key), pk::text("cpu"), pk::long_integer(count));
        return pk::call(pk::global("torch._utils", "_rebuild_tensor_v2"),
                        pk::tuple(id + "Q", zero, shape, strides, "\x89", "N"));
    }
    static std::string named(const std::string& name, const std::string& value) {
        return pk::whole(pk::dictionary(pk::text(name), value));
    }
};

TEST_F(PthAttacks, FiveKilobytesOfFiveMillionOperations) {
    expect_pth(pth("\x80\x02" + std::string(5'000'000, 'N') + ".", true),
               "more than 4194304 operations");
}

TEST_F(PthAttacks, TensorsOfTwoHundredGigabytes) {
    const auto size = pk::tuple(pk::long_integer(50'000'000'000));
    const auto one = pk::tuple("K\x01");
    expect_pth(pth(named("w", tensor("0", 50'000'000'000, size, one))),
               "holds 24 bytes where 50000000000 elements of F32 are promised");
    // Six elements, repeated by a stride of nothing.
    expect_pth(pth(named("w", tensor("0", 6, size, pk::tuple(zero)))),
               "its strides blow it up to 200000000000 bytes");
    const auto zero_hides =
        pk::tuple(zero, pk::long_integer(INT64_MAX), pk::long_integer(INT64_MAX));
    expect_pth(pth(named("w", tensor("0", 6, zero_hides, zero_hides))), "overflows");
}

TEST_F(PthAttacks, NamesAreShownPlain) {
    const auto one = pk::tuple("K\x01");
    expect_pth(pth(named("a\nb", tensor("0", 6, one, one))), "no short plain text");
    expect_pth(pth(named("w", tensor("\n\x1b[2J", 6, one, one))), "no zip entry m/data/??[2J");
}

}  // namespace
}  // namespace distillar
