#include "cli/output_paths.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace distillar::cli {

namespace fs = std::filesystem;

namespace {

/// Why no folder can be at a path, or "".
std::string no_folder(const fs::path& path) {
    std::error_code ignored;
    for (fs::path place = path; !place.empty(); place = place.parent_path()) {
        if (fs::exists(place, ignored)) {
            return fs::is_directory(place, ignored)
                       ? ""
                       : place.string() + " is a file, no folder; name another place";
        }
        if (place == place.parent_path()) {
            break;
        }
    }
    return "";
}

}  // namespace

CLI::Validator output_folder() {
    return {[](std::string& text) { return no_folder(text); }, ""};
}

CLI::Validator output_file(const std::string& extension) {
    return {[extension](std::string& text) -> std::string {
                const fs::path file = text;
                std::error_code ignored;
                if (fs::is_directory(file, ignored)) {
                    return text + " is a folder; name a file";
                }
                if (!extension.empty() && file.extension() != extension) {
                    return fmt::format("{} does not end with {}; name it so", text, extension);
                }
                return no_folder(file.parent_path());
            },
            ""};
}

}  // namespace distillar::cli
