#pragma once
/// A pandas DataFrame as pickled by pandas 0.14 to 2: its block manager, blocks of plain numbers,
/// and column names.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/ndarray.hpp"
#include "formats/pickle.hpp"

namespace distillar::formats {

/// Valid while the pickle is.
class DataFrame {
public:
    /// @throws base::Error naming the file and what about the pickle is no data frame of numbers.
    DataFrame(const PickleValue& root, const std::filesystem::path& file);

    std::size_t rows() const { return rows_; }
    bool has(const std::string& column) const { return columns_.contains(column); }
    /// @throws base::Error listing the columns there are if that one is missing, or of another
    /// kind.
    std::vector<double> doubles(const std::string& column) const;
    std::vector<std::int64_t> integers(const std::string& column) const;

    /// Every global such a pickle may name.
    static std::span<const std::string_view> globals();

private:
    struct Column {
        std::size_t block = 0;
        std::size_t row = 0;  ///< of the block: blocks are columns x rows
    };

    [[noreturn]] void fail(const std::string& what) const;
    const PickleValue& need(const PickleValue* value, const char* what) const;
    void add_manager(const PickleValue& manager);
    void add_block(const PickleValue& values, const PickleValue& places,
                   const std::vector<std::string>& names);
    std::vector<std::string> column_names(const PickleValue& axes) const;
    std::vector<std::size_t> places_of(const PickleValue& places, std::size_t count) const;
    const Column& column(const std::string& name) const;

    const std::filesystem::path& file_;
    std::vector<NdArray> blocks_;
    std::map<std::string, Column> columns_;
    std::size_t rows_ = 0;
    std::size_t decoded_bytes_ = 0;
};

}  // namespace distillar::formats
