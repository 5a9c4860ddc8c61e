#include "models/teacher_weights.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace distillar::models {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> kept_names(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent)) {
        if (entry.path().extension() == ".safetensors") {
            names.push_back(entry.path().stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

fs::path teacher_weights(const fs::path& named) {
    if (named.empty() || named.has_parent_path() || named.has_extension() || fs::exists(named)) {
        return named;
    }
    const fs::path folder = base::configs_folder() / "teachers";
    const auto names = kept_names(folder);
    if (std::find(names.begin(), names.end(), named.string()) == names.end()) {
        base::fail("no weights '{}' are kept with the program; {} has: {}. Give a path otherwise",
                   named.string(), folder.string(), base::join(names));
    }
    return folder / (named.string() + ".safetensors");
}

}  // namespace distillar::models
