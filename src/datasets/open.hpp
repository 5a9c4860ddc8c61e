#pragma once
/// Private to datasets: what each data set says of itself.
#include <memory>

#include "datasets/dataset.hpp"

namespace distillar::datasets {

using DatasetPointer = std::unique_ptr<Dataset>;

/// A row of the table in dataset.cpp.
struct DatasetFormat {
    std::string name;
    std::string licence;          ///< of the public data set; "": anybody's data
    std::string finest_taxonomy;  ///< "": its labels may mean anything
    bool (*fits)(
        const std::filesystem::path& path);  ///< whether a folder (or file) shows the layout
    DatasetPointer (*open)(const Selection& selection);
    /// What a folder that fits may be, where others' layouts look alike; null: this format.
    std::vector<std::string> (*candidates)(const std::filesystem::path& path) = nullptr;
};

/// Raw names from the first taxonomy of this format that has them.
std::map<std::uint32_t, std::string> raw_names_of(const std::string& format);

}  // namespace distillar::datasets
