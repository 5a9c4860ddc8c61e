#include "datasets/layout.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_in(const fs::path& folder, bool folders) {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) {
        if (!fs::exists(folder)) {
            return names;
        }
        base::fail_in(folder, "cannot be listed: {}; check its permissions", error.message());
    }
    for (const auto& entry : entries) {
        const std::string name = entry.path().filename().string();
        const bool right_kind = folders ? entry.is_directory(error) : entry.is_regular_file(error);
        if (right_kind && !name.starts_with('.')) {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Wildcard match by the usual two-pointer walk with one point of return.
bool matches(std::string_view name, std::string_view pattern) {
    std::size_t n = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> folders_in(const fs::path& folder) {
    return fs::is_directory(folder) ? names_in(folder, true) : std::vector<std::string>{};
}

std::vector<std::string> files_in(const fs::path& folder, std::string_view ending) {
    if (!fs::is_directory(folder)) {
        return {};
    }
    auto names = names_in(folder, false);
    std::erase_if(names, [&](const std::string& name) { return !name.ends_with(ending); });
    return names;
}

std::vector<fs::path> files_matching(const fs::path& pattern) {
    const fs::path folder = pattern.has_parent_path() ? pattern.parent_path() : ".";
    const std::string name_pattern = pattern.filename().string();
    if (folder.string().find_first_of("*?") != std::string::npos) {
        base::fail_in(pattern, "`*` may stand only in the file name; write the folder out");
    }
    std::vector<fs::path> files;
    for (const auto& name : files_in(folder, "")) {
        if (matches(name, name_pattern)) {
            files.push_back(folder / name);
        }
    }
    if (files.empty()) {
        base::fail_in(pattern, "no such file; the path is taken from the folder of log.yaml");
    }
    return files;
}

std::string scan_stem(const fs::path& scan) {
    const std::string name = scan.filename().string();
    return name.ends_with(".pcd.bin") ? name.substr(0, name.size() - 8) : scan.stem().string();
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t shown = 20;
    if (names.size() <= shown) {
        return base::join(names);
    }
    const std::vector<std::string> first(names.begin(), names.begin() + shown);
    return fmt::format("{}, ... ({} in all)", base::join(first), names.size());
}

std::vector<std::string> pick(const std::vector<std::string>& available,
                              const std::vector<std::string>& wanted, std::string_view what,
                              const fs::path& where) {
    if (wanted.empty()) {
        return available;
    }
    for (const auto& name : wanted) {
        if (!contains(available, name)) {
            base::fail_in(where, "{} '{}' is not there; {}", what, name,
                          available.empty() ? fmt::format("there is no {} at all", what)
                                            : fmt::format("did you mean '{}'? There are: {}",
                                                          base::nearest_name(name, available),
                                                          listed(available)));
        }
    }
    std::vector<std::string> picked;
    std::copy_if(available.begin(), available.end(), std::back_inserter(picked),
                 [&](const std::string& name) { return contains(wanted, name); });
    return picked;
}

bool wants_camera(const Selection& selection, const std::string& name) {
    return selection.with_cameras &&
           (selection.cameras.empty() || contains(selection.cameras, name));
}

bool names_camera(const Selection& selection, const std::string& name) {
    return selection.with_cameras && contains(selection.cameras, name);
}

void require_sensor(const Selection& selection, const std::vector<std::string>& sensors) {
    if (!selection.sensor.empty() && !contains(sensors, selection.sensor)) {
        base::fail_in(
            selection.path, "sensor '{}' is not there; there is: {}", selection.sensor,
            sensors.empty() ? "one of unknown kind (leave `sensor` out)" : base::join(sensors));
    }
}

void require_no_sequences(const Selection& selection) {
    if (!selection.sequences.empty()) {
        base::fail_in(selection.path,
                      "this format has no sequences, but '{}' is asked for; leave "
                      "`sequences` out",
                      selection.sequences.front());
    }
}

void require_no_split(const Selection& selection) {
    if (selection.split != "all") {
        fail_split(selection, {});
    }
}

void fail_split(const Selection& selection, const std::vector<std::string>& splits) {
    std::vector<std::string> known{"all"};
    known.insert(known.end(), splits.begin(), splits.end());
    base::fail_in(selection.path, "split '{}' is not there; did you mean '{}'? There are: {}",
                  selection.split, base::nearest_name(selection.split, known), base::join(known));
}

}  // namespace distillar::datasets
