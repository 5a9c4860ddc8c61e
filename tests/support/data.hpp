#pragma once
/// Where tests find real data and reference cases; without them such tests skip, saying so.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace distillar::test {

/// Folder named by an environment variable, or empty. With DISTILLAR_REQUIRE_DATA set (CI), absence
/// is a failure instead of a skip.
std::filesystem::path folder_from(const char* variable);
bool data_required();

/// A fresh folder for one test, removed when the object dies.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// Writes bytes to a file (creating parent folders) and returns its path.
std::filesystem::path write_bytes(const std::filesystem::path& path, const std::string& bytes);
std::string read_bytes(const std::filesystem::path& path);

/// Runs a function that must throw an exception; returns its message ("" after a failure if not).
template <typename Function>
std::string error_of(Function&& function) {
    try {
        function();
    } catch (const std::exception& error) {
        return error.what();
    }
    ADD_FAILURE() << "expected an error, got none";
    return "";
}

}  // namespace distillar::test

#define EXPECT_HAS(text, part) EXPECT_NE(std::string(text).find(part), std::string::npos) << (text)

/// Defines `name` as the folder an environment variable points to, or skips the test.
#define DISTILLAR_FOLDER_OR_SKIP(name, variable)                                        \
    const std::filesystem::path name = ::distillar::test::folder_from(variable);        \
    if (name.empty()) {                                                                 \
        if (::distillar::test::data_required()) {                                       \
            FAIL() << variable << " is required here but not set to a folder";          \
        }                                                                               \
        GTEST_SKIP() << variable << " is not set: this test needs the folder it names"; \
    }                                                                                   \
    static_assert(true)

#define DISTILLAR_DATA_OR_SKIP(name) DISTILLAR_FOLDER_OR_SKIP(name, "DISTILLAR_DATA")
#define DISTILLAR_REFERENCE_OR_SKIP(name) DISTILLAR_FOLDER_OR_SKIP(name, "DISTILLAR_REFERENCE")
