#pragma once
/// JSON read strictly: every mistake names the file and the field with its path,
/// "input.grids[2].rows".
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::formats {

/// A file of at most Limits::table bytes that nests no deeper than Limits::nesting.
/// @throws base::Error naming the file and the byte from which on it is no JSON.
nlohmann::json read_json(const std::filesystem::path& file);

/// The fields of one JSON object. A field that is missing or of another type is an error; so is,
/// for finish(), one that nobody asked for.
class JsonFields {
public:
    /// @param value  and `file` must outlive this.
    /// @param path   of the object in its file; empty for the whole.
    /// @throws base::Error if `value` is not an object.
    JsonFields(const nlohmann::json& value, std::string path, const std::filesystem::path& file);

    /// Is the field there, and not null?
    bool has(const char* key) const;

    std::string text(const char* key);
    bool flag(const char* key);
    int integer(const char* key);
    std::int64_t integer64(const char* key);
    float number(const char* key);  ///< finite
    double number64(const char* key);
    std::vector<std::string> texts(const char* key);
    std::vector<std::int64_t> integers(const char* key, std::size_t count);
    std::vector<double> numbers(const char* key, std::size_t count);
    std::vector<double> matrix(const char* key);  ///< numbers of a list of lists, row by row
    JsonFields object(const char* key);
    std::vector<JsonFields> objects(const char* key);
    void finish() const;

    /// @param what  "is no image size"
    [[noreturn]] void fail(const char* key, std::string_view what) const;

private:
    const nlohmann::json& field(const char* key);
    const nlohmann::json& field(const char* key, bool (nlohmann::json::*is_right)() const,
                                const char* wanted);
    std::vector<double> numbers_of(const nlohmann::json& list, const char* key) const;
    std::string name(std::string_view key) const;

    const nlohmann::json* value_;
    std::string path_;
    const std::filesystem::path* file_;
    std::vector<std::string_view> seen_;  ///< keys of `value_`
};

/// Calls `use` for every object of the list that the file is, in order; memory holds one at a time,
/// of it the `wanted` fields alone. Those have at most 64 values and texts of 4096 bytes.
/// @throws base::Error as read_json does, and where the file is no list of objects.
void read_json_rows(const std::filesystem::path& file, const std::vector<std::string_view>& wanted,
                    const std::function<void(JsonFields&)>& use);

}  // namespace distillar::formats
