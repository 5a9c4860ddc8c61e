#include "datasets/dataset.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/layout.hpp"
#include "datasets/open.hpp"
#include "datasets/taxonomy.hpp"

namespace distillar::datasets {

// One function and one row for each data set.
DatasetFormat semantickitti_format();
DatasetFormat nuscenes_format();
DatasetFormat pandaset_format();
DatasetFormat kitti_object_format();
DatasetFormat log_format();
DatasetFormat folder_format();

namespace {

/// In the order in which they are recognised; the last is what is nothing else.
const std::vector<DatasetFormat>& formats() {
    static const std::vector<DatasetFormat> table{semantickitti_format(), nuscenes_format(),
                                                  pandaset_format(),      kitti_object_format(),
                                                  log_format(),           folder_format()};
    return table;
}

/// Formats that taxonomies exist for, but no reader.
const std::vector<std::string> formats_without_reader{"synlidar", "semanticposs", "waymo"};

/// Null if there is none of this name.
const DatasetFormat* find_format(const std::string& name) {
    const auto found = std::find_if(formats().begin(), formats().end(),
                                    [&](const auto& format) { return format.name == name; });
    return found == formats().end() ? nullptr : &*found;
}

DatasetPointer open_as(const std::string& name, const Selection& selection) {
    if (const auto* format = find_format(name)) {
        return format->open(selection);
    }
    const auto& missing = formats_without_reader;
    if (std::find(missing.begin(), missing.end(), name) != missing.end()) {
        base::fail_in(selection.path, "there is no reader for the format '{}' yet; readable: {}",
                      name, base::join(known_formats()));
    }
    base::fail("unknown format '{}'; did you mean '{}'? Known: {}", name,
               base::nearest_name(name, known_formats()), base::join(known_formats()));
}

/// "a/b/" and "." have no file name, but layouts go by names.
std::filesystem::path with_file_name(const std::filesystem::path& path) {
    const auto name = path.filename();
    if (!name.empty() && name != "." && name != "..") {
        return path;
    }
    auto full = std::filesystem::absolute(path).lexically_normal();
    return full.has_filename() ? full : full.parent_path();
}

std::string recognised_format(const std::filesystem::path& path) {
    const auto candidates = recognise(path);
    if (candidates.size() == 1) {
        return candidates.front();
    }
    if (candidates.empty()) {
        base::fail_in(path,
                      "holds no data set that is recognised, nor scans (.pcd, .ply, .bin, "
                      ".pcd.bin); check the path, or say what it is with --format ({})",
                      base::join(known_formats()));
    }
    base::fail_in(path,
                  "could be {}, whose layouts look alike; say which with --format, or `format:` in "
                  "a config",
                  base::join(candidates, " or "));
}

}  // namespace

std::string licence_of(const std::string& format) {
    const auto* found = find_format(format);
    return found == nullptr ? "" : found->licence;
}

std::string finest_taxonomy_of(const std::string& format) {
    const auto* found = find_format(format);
    return found == nullptr ? "" : found->finest_taxonomy;
}

const std::vector<std::string>& known_formats() {
    static const auto names = [] {
        std::vector<std::string> all;
        for (const auto& format : formats()) {
            all.push_back(format.name);
        }
        return all;
    }();
    return names;
}

std::vector<std::string> recognise(const std::filesystem::path& given) {
    const auto path = with_file_name(given);
    std::vector<std::string> found;
    for (const auto& format : formats()) {
        const bool last = &format == &formats().back();
        if ((last && !found.empty()) || !format.fits(path)) {
            continue;
        }
        const auto names = format.candidates == nullptr ? std::vector<std::string>{format.name}
                                                        : format.candidates(path);
        found.insert(found.end(), names.begin(), names.end());
    }
    return found;
}

std::unique_ptr<Dataset> open_dataset(const Selection& given) {
    if (!std::filesystem::exists(given.path)) {
        base::fail_in(given.path, "is not there; check the path");
    }
    Selection selection = given;
    selection.path = with_file_name(given.path);
    return open_as(selection.format.empty() ? recognised_format(selection.path) : selection.format,
                   selection);
}

std::map<std::uint32_t, std::string> raw_names_of(const std::string& format) {
    for (const auto& name : taxonomy_names()) {
        auto taxonomy = load_taxonomy(name);
        if (taxonomy.format == format && !taxonomy.raw_names.empty()) {
            return std::move(taxonomy.raw_names);
        }
    }
    return {};
}

}  // namespace distillar::datasets
