#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace distillar::formats {

/// Strict reading of one JSON object: a field that is missing or of another type is an error naming
/// it with its path ("input.grids[2].rows"), and finish() names the first one nobody asked for.
class JsonFields {
public:
    /// @throws base::Error if `value` is not an object.
    JsonFields(const nlohmann::json& value, std::string path, std::filesystem::path file);

    std::string text(const char* key);
    int integer(const char* key);
    float number(const char* key);
    std::vector<std::string> texts(const char* key);
    std::vector<std::int64_t> integers(const char* key, std::size_t count);
    std::vector<double> numbers(const char* key, std::size_t count);
    JsonFields object(const char* key);
    std::vector<JsonFields> objects(const char* key);
    void finish() const;

private:
    const nlohmann::json& field(const char* key);
    const nlohmann::json& list(const char* key);
    std::string name(const char* key) const { return path_.empty() ? key : path_ + "." + key; }
    [[noreturn]] void wrong_type(const std::string& name, const char* wanted) const;

    const nlohmann::json* value_;
    std::string path_;
    std::filesystem::path file_;
    std::set<std::string> seen_;
};

}  // namespace distillar::formats
