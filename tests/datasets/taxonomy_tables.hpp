#pragma once
/// The class tables as published, transcribed by hand: what configs/taxonomies must say.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace distillar::test {

struct TableRow {
    std::uint32_t raw;
    std::string name;
    std::vector<int> classes;  ///< one per column, 1..C, 0 = ignore
};

struct Table {
    std::string format;
    std::vector<std::string> class_sets;  ///< the columns
    std::vector<TableRow> rows;
};

const std::vector<Table>& published_tables();
const std::map<std::string, std::vector<std::string>>& published_classes();

}  // namespace distillar::test
