#include "datasets/dataset.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/layout.hpp"
#include "datasets/open.hpp"
#include "datasets/taxonomy.hpp"

namespace distillar::datasets {

namespace {

/// Formats that taxonomies exist for, but no reader.
const std::vector<std::string> formats_without_reader{"synlidar", "semanticposs", "waymo"};

DatasetPointer open_as(const std::string& format, const Selection& selection) {
    if (format == "semantickitti") {
        return open_semantickitti(selection);
    }
    if (format == "nuscenes") {
        return open_nuscenes(selection);
    }
    if (format == "pandaset") {
        return open_pandaset(selection);
    }
    if (format == "kitti") {
        return open_kitti_object(selection);
    }
    if (format == "log") {
        return open_log(selection);
    }
    if (format == "folder") {
        return open_folder(selection);
    }
    const auto& missing = formats_without_reader;
    if (std::find(missing.begin(), missing.end(), format) != missing.end()) {
        base::fail_in(selection.path, "there is no reader for the format '{}' yet; readable: {}",
                      format, base::join(known_formats()));
    }
    base::fail("unknown format '{}'; did you mean '{}'? Known: {}", format,
               base::nearest_name(format, known_formats()), base::join(known_formats()));
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
    static const std::map<std::string, std::string> licences{
        {"semantickitti", "CC BY-NC-SA 4.0"},
        {"nuscenes", "CC BY-NC-SA 4.0"},
        {"pandaset", "CC BY 4.0"},
        {"kitti", "CC BY-NC-SA 3.0"},
    };
    const auto found = licences.find(format);
    return found == licences.end() ? "" : found->second;
}

const std::vector<std::string>& known_formats() {
    static const std::vector<std::string> formats{"semantickitti", "nuscenes", "pandaset",
                                                  "kitti",         "log",      "folder"};
    return formats;
}

std::vector<std::string> recognise(const std::filesystem::path& given) {
    const auto path = with_file_name(given);
    std::vector<std::string> found;
    if (is_semantickitti_tree(path)) {
        if (is_certainly_semanticposs(path)) {
            found.push_back("semanticposs");
        } else if (is_certainly_semantickitti(path)) {
            found.push_back("semantickitti");
        } else {
            found.insert(found.end(), {"semantickitti", "synlidar", "semanticposs"});
        }
    }
    const std::vector<std::pair<const char*, bool (*)(const std::filesystem::path&)>> others{
        {"nuscenes", is_nuscenes},
        {"pandaset", is_pandaset},
        {"kitti", is_kitti_object},
        {"log", is_log}};
    for (const auto& [name, fits] : others) {
        if (fits(path)) {
            found.emplace_back(name);
        }
    }
    if (found.empty() && is_folder(path)) {
        found.emplace_back("folder");
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
