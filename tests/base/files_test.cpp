#include "base/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "support/data.hpp"
#include "support/full_disk.hpp"

namespace distillar::base {
namespace {

using test::error_of;
namespace fs = std::filesystem;

class Files : public testing::Test {
protected:
    std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
            result.push_back(entry.path().lexically_relative(folder_.path()).string());
        }
        return result;
    }

    test::TemporaryFolder folder_;
    fs::path file_ = folder_ / "file";
};

TEST_F(Files, ReadWhatWasWritten) {
    for (const std::size_t size : {0u, 1u, 4096u, 100'000u}) {
        const std::string text(size, 'x');
        write_file(file_, text);
        EXPECT_EQ(read_text(file_), text);
        EXPECT_EQ(read_file(file_).size(), size);
        const MappedFile mapped(file_);
        EXPECT_EQ(mapped.bytes().size(), size);
        EXPECT_TRUE(size == 0 || mapped.bytes().back() == std::byte{'x'});
    }
}

TEST_F(Files, UnreadableFilesAreNamed) {
    for (const auto& read : std::vector<std::function<void(const fs::path&)>>{
             [](const fs::path& file) { read_file(file); },
             [](const fs::path& file) { read_text(file); },
             [](const fs::path& file) { MappedFile mapped(file); }}) {
        EXPECT_HAS(error_of([&] { read(folder_ / "none"); }), "none: no such file");
        EXPECT_HAS(error_of([&] { read(folder_ / "none/deeper"); }), "deeper: no such file");
        EXPECT_HAS(error_of([&] { read(folder_.path()); }), "is not a regular file");
        EXPECT_HAS(error_of([&] { read("/dev/null"); }), "/dev/null: is not a regular file");
        EXPECT_HAS(error_of([&] { read(""); }), "no such file");
        EXPECT_HAS(error_of([&] { read(std::string(5000, 'a')); }), "no such file");
    }
    write_file(file_, "12345");
    EXPECT_EQ(read_text(file_, 5), "12345");
    EXPECT_HAS(error_of([&] { read_text(file_, 4); }), "is 5 bytes, more than the 4");
    if (geteuid() != 0) {
        fs::permissions(file_, fs::perms::none);
        EXPECT_HAS(error_of([&] { read_text(file_); }), "cannot be read");
        EXPECT_HAS(error_of([&] { MappedFile mapped(file_); }), "cannot be opened");
    }
}

TEST_F(Files, HugeSparseFilesAreRefusedBeforeMemoryIsTaken) {
    write_file(file_, "");
    ASSERT_EQ(truncate(file_.c_str(), off_t{1} << 40), 0);
    EXPECT_HAS(error_of([&] { read_file(file_); }), "is 1099511627776 bytes, more than the");
}

TEST_F(Files, MappedFilesMove) {
    write_file(file_, "abc");
    write_file(folder_ / "other", "de");
    MappedFile first(file_);
    MappedFile second(std::move(first));
    EXPECT_TRUE(first.bytes().empty());
    MappedFile third(folder_ / "other");
    third = std::move(second);
    EXPECT_EQ(third.bytes().size(), 3u);
}

TEST_F(Files, AtomicFileAppearsWholeOrNotAtAll) {
    write_file(file_, "old");
    {
        AtomicFile out(file_);
        out.write("new");
        EXPECT_EQ(read_text(file_), "old");
    }
    EXPECT_EQ(read_text(file_), "old");
    EXPECT_EQ(names(), std::vector<std::string>{"file"});
    {
        AtomicFile out(file_);
        out.write("new ");
        out.write("text");
        out.commit();
    }
    EXPECT_EQ(read_text(file_), "new text");
    EXPECT_EQ(names(), std::vector<std::string>{"file"});
}

TEST_F(Files, AnExceptionBetweenLeavesNothing) {
    EXPECT_EQ(test::error_of([&] {
                  AtomicFile out(file_);
                  out.write("half");
                  throw std::runtime_error("stop");
              }),
              "stop");
    EXPECT_TRUE(names().empty());
}

TEST_F(Files, AtomicFileMakesFolders) {
    write_file(folder_ / "a/b/c.txt", "text");
    EXPECT_EQ(read_text(folder_ / "a/b/c.txt"), "text");
}

TEST_F(Files, UnwritablePlacesAreNamed) {
    write_file(file_, "a file, no folder");
    EXPECT_HAS(error_of([&] { write_file(file_ / "below", "x"); }), "below: cannot be written: ");
    fs::create_directory(folder_ / "folder");
    EXPECT_HAS(error_of([&] { write_file(folder_ / "folder", "x"); }),
               "folder: cannot be put in place: ");
    EXPECT_HAS(error_of([&] { write_file("/proc/none/x", "x"); }), "cannot be written");
    EXPECT_EQ(names().size(), 2u);
}

TEST_F(Files, AWriteThatFailsAnywhereLeavesTheOldFile) {
    write_file(file_, "old");
    const std::string text(20'000, 'n');
    for (const rlim_t room : {0u, 1u, 4095u, 4096u, 19'999u}) {
        std::string error;
        {
            const test::FullDisk limit(room);
            error = error_of([&] { write_file(file_, text); });
        }
        EXPECT_HAS(error, "cannot be written: File too large; check the folder");
        EXPECT_EQ(read_text(file_), "old");
        EXPECT_EQ(names().size(), 1u);
    }
    const test::FullDisk limit(20'000);
    write_file(file_, text);
    EXPECT_EQ(read_text(file_), text);
}

TEST_F(Files, TwoWritersOfOneFileDoNotMix) {
    {
        AtomicFile first(file_);
        AtomicFile second(file_);
        first.write("first");
        second.write("second");
        first.commit();
        EXPECT_EQ(read_text(file_), "first");
        second.commit();
    }
    EXPECT_EQ(read_text(file_), "second");
    EXPECT_EQ(names().size(), 1u);
}

TEST_F(Files, CheckedArithmeticNamesFileAndField) {
    const std::uint64_t most = ~std::uint64_t{0};
    EXPECT_EQ(checked_multiply(1u << 31, 2, file_, "points"), std::uint64_t{1} << 32);
    EXPECT_EQ(checked_add(most, 0, file_, "points"), most);
    const std::string error = error_of([&] { checked_multiply(most / 2, 3, "a.pcd", "points"); });
    EXPECT_HAS(error, "a.pcd: points: 9223372036854775807 x 3 overflows");
    EXPECT_HAS(error_of([&] { checked_add(most, 1, "a.pcd", "end"); }), "a.pcd: end: ");
}

TEST_F(Files, PathsExpand) {
    setenv("DISTILLAR_TEST_A", "/data/a", 1);
    setenv("HOME", "/home/me", 1);
    unsetenv("DISTILLAR_TEST_NONE");
    EXPECT_EQ(expand_path("$DISTILLAR_TEST_A/b"), "/data/a/b");
    EXPECT_EQ(expand_path("x/${DISTILLAR_TEST_A}b"), "x//data/ab");
    EXPECT_EQ(expand_path("~/x"), "/home/me/x");
    EXPECT_EQ(expand_path("~"), "/home/me");
    EXPECT_EQ(expand_path("~you/x~"), "~you/x~");
    EXPECT_EQ(expand_path("plain"), "plain");
    EXPECT_EQ(expand_path(""), "");
    EXPECT_HAS(error_of([] { expand_path("$DISTILLAR_TEST_NONE/b"); }),
               "the environment variable DISTILLAR_TEST_NONE is not set");
    for (const char* path : {"a/$", "$/b", "${}", "${DISTILLAR_TEST_A", "${DISTILLAR_TEST_A/b}"}) {
        EXPECT_HAS(error_of([&] { expand_path(path); }), "'$' must be followed by NAME or {NAME}");
    }
}

TEST_F(Files, ConfigsFolderIsWhereTheVariableSays) {
    const char* before = std::getenv("DISTILLAR_CONFIGS");
    const std::string kept = before != nullptr ? before : "";
    fs::create_directories(folder_ / "configs/taxonomies");
    setenv("DISTILLAR_CONFIGS", (folder_ / "configs").c_str(), 1);
    EXPECT_EQ(configs_folder(), folder_ / "configs");
    setenv("DISTILLAR_CONFIGS", folder_.path().c_str(), 1);
    EXPECT_HAS(error_of([] { configs_folder(); }), "holds no taxonomies; set DISTILLAR_CONFIGS");
    before != nullptr ? setenv("DISTILLAR_CONFIGS", kept.c_str(), 1)
                      : unsetenv("DISTILLAR_CONFIGS");
}

}  // namespace
}  // namespace distillar::base
