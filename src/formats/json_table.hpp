#pragma once
/// A JSON list of flat objects, read as a stream: memory holds one row at a time.
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::formats {

/// The wanted fields of one row. Numbers, booleans and (nested) lists of numbers become `numbers`.
class JsonRow {
public:
    JsonRow(const std::filesystem::path& file, std::size_t index) : file_(file), index_(index) {}

    /// @throws base::Error naming file, row and key if the field is missing or of another kind.
    const std::string& text(std::string_view key) const;
    std::string text_or(std::string_view key, const std::string& fallback) const;
    double number(std::string_view key) const;
    double number_or(std::string_view key, double fallback) const;
    const std::vector<double>& numbers(std::string_view key) const;
    /// A number without fraction below 2^53 in size.
    std::int64_t integer(std::string_view key) const;
    std::int64_t integer_or(std::string_view key, std::int64_t fallback) const;

    [[noreturn]] void fail(std::string_view key, const std::string& what) const;

private:
    friend class JsonTableHandler;
    const std::filesystem::path& file_;
    std::size_t index_;
    std::map<std::string, std::string, std::less<>> texts_;
    std::map<std::string, std::vector<double>, std::less<>> numbers_;
};

/// Calls `use` for every row, in order. Fields that are not `wanted` are skipped whatever they are.
/// @throws base::Error naming file and byte offset for malformed JSON, or file and row if the file
///         is no list of objects or a wanted list has more than 64 numbers.
void read_json_table(const std::filesystem::path& file, std::vector<std::string_view> wanted,
                     const std::function<void(const JsonRow&)>& use);

}  // namespace distillar::formats
