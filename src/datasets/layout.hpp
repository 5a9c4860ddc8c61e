#pragma once
/// Private to datasets: what stands in a folder, and picking named things from it.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/dataset.hpp"

namespace distillar::datasets {

/// Sorted names of the sub-folders; empty if the folder is not there. Hidden ones are left out.
std::vector<std::string> folders_in(const std::filesystem::path& folder);
/// Sorted names of the files that end in `ending`; empty if the folder is not there.
std::vector<std::string> files_in(const std::filesystem::path& folder, std::string_view ending);

/// The files that a pattern names, in order of name: `*` and `?` stand for text in the file name
/// (not in the folders). @throws base::Error if there is none.
std::vector<std::filesystem::path> files_matching(const std::filesystem::path& pattern);

/// A scan's file name without its ending (".pcd.bin" as a whole).
std::string scan_stem(const std::filesystem::path& scan);

/// "a, b, c", cut after some twenty.
std::string listed(const std::vector<std::string>& names);

/// The names in `wanted`, in the order of `available`; all of them if `wanted` is empty.
/// @param what  "sequence", "camera": for the message.
/// @throws base::Error if one is not available, with the nearest name and those there are.
std::vector<std::string> pick(const std::vector<std::string>& available,
                              const std::vector<std::string>& wanted, std::string_view what,
                              const std::filesystem::path& where);

/// Is the camera to be read at all; was it asked for by name?
bool wants_camera(const Selection& selection, const std::string& name);
bool names_camera(const Selection& selection, const std::string& name);

/// @throws base::Error if the selection names another sensor than those of the data set.
void require_sensor(const Selection& selection, const std::vector<std::string>& sensors);
/// @throws base::Error if the selection has sequences or a split, and the format has none.
void require_no_sequences(const Selection& selection);
void require_no_split(const Selection& selection);
/// @throws base::Error naming the splits that there are.
[[noreturn]] void fail_split(const Selection& selection, const std::vector<std::string>& splits);

}  // namespace distillar::datasets
