#include "base/file_calls.hpp"

#include <filesystem>

#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/publish_folder.hpp"
#include "support/data.hpp"
#include "support/every_fault.hpp"

namespace distillar::base {
namespace {

namespace fs = std::filesystem;
using Kind = FileFault::Kind;

class FileFaults : public testing::Test {
protected:
    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::recursive_directory_iterator(folder_.path()), {}));
    }

    test::TemporaryFolder folder_;
    fs::path file_ = folder_ / "file";
};

TEST_F(FileFaults, AFaultStrikesOnceAndOnlyWhileItLives) {
    write_file(file_, "text");
    {
        const FileFault fault(Kind::io_error, 0);
        EXPECT_FALSE(fault.met());
        EXPECT_NE(test::error_of([&] { read_text(file_); }).find("cannot be opened: Input/output"),
                  std::string::npos);
        EXPECT_TRUE(fault.met());
        EXPECT_EQ(read_text(file_), "text");
    }
    const FileFault fault(Kind::io_error, 1);
    EXPECT_NE(test::error_of([&] { read_text(file_); }).find("cannot be read: Input/output"),
              std::string::npos);
}

TEST_F(FileFaults, AWrittenFileIsTheOldOrTheNew) {
    const std::string fresh(300'000, 'n');  // beyond the buffer: several writes
    const auto faults = test::with_every_fault(
        [&] { write_file(file_, "old"); },
        [&] {
            AtomicFile out(file_);
            out.write("new ");
            out.write(fresh);
            out.commit();
        },
        [&](const test::Attempt& attempt) {
            EXPECT_EQ(read_text(file_), attempt.failed ? "old" : "new " + fresh) << attempt.text();
            EXPECT_EQ(entries(), 1U) << attempt.text() << ": something is left beside";
        });
    EXPECT_GE(faults, 10U);
}

TEST_F(FileFaults, AReadIsWholeOrAnError) {
    const std::string text(100'000, 'x');
    write_file(file_, text);
    std::string there;
    std::size_t mapped = 0;
    test::with_every_fault([&] { there.clear(), mapped = 0; },
                           [&] {
                               there = read_text(file_);
                               mapped = MappedFile(file_).bytes().size();
                           },
                           [&](const test::Attempt& attempt) {
                               EXPECT_TRUE(there.empty() || there == text) << attempt.text();
                               EXPECT_EQ(mapped, attempt.failed ? 0 : text.size());
                           });
}

TEST_F(FileFaults, RecordsBeforeTheFaultStay) {
    test::with_every_fault([&] { fs::remove(file_); },
                           [&] {
                               RecordFile records(file_);
                               records.append("one\n");
                               records.append("two\n");
                           },
                           [&](const test::Attempt& attempt) {
                               const std::string all = "one\ntwo\n";
                               const std::string there = fs::exists(file_) ? read_text(file_) : "";
                               EXPECT_TRUE(all.starts_with(there)) << attempt.text();
                               EXPECT_TRUE(attempt.failed || there == all) << attempt.text();
                           });
}

TEST_F(FileFaults, APublishedFolderIsWholeOrAbsent) {
    const fs::path finished = folder_ / "unfinished", place = folder_ / "place";
    test::with_every_fault(
        [&] {
            fs::remove_all(place);
            write_file(finished / "a", "new");
            write_file(finished / "b", "new");
        },
        [&] { publish_folder(finished, place); },
        [&](const test::Attempt& attempt) {
            EXPECT_NE(fs::exists(place), fs::exists(finished)) << attempt.text();
            EXPECT_TRUE(attempt.failed || fs::exists(place)) << attempt.text();
            if (fs::exists(place)) {
                EXPECT_TRUE(fs::exists(place / "a") && fs::exists(place / "b"));
            }
        });
}

TEST_F(FileFaults, ALockThatCannotBeTakenIsAnError) {
    test::with_every_fault([] {}, [&] { const FolderLock lock(folder_ / "run"); },
                           [](const test::Attempt&) {});
    EXPECT_TRUE(FolderLock(folder_ / "run").held());
}

}  // namespace
}  // namespace distillar::base
