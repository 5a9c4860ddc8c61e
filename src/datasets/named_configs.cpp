#include "datasets/named_configs.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace distillar::datasets {

std::vector<std::string> config_names(const std::string& folder) {
    std::vector<std::string> names;
    const auto path = base::configs_folder() / folder;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
        if (entry.path().extension() == ".yaml") {
            names.push_back(entry.path().stem().string());
        }
    }
    if (error) {
        base::fail_in(path, "cannot be listed ({}); point DISTILLAR_CONFIGS at the configs folder",
                      error.message());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::filesystem::path config_file(const std::string& folder, const std::string& kind,
                                  const std::string& name) {
    const auto names = config_names(folder);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        base::fail("there is no {} '{}'; did you mean '{}'? there are: {}", kind, name,
                   base::nearest_name(name, names), base::join(names));
    }
    return base::configs_folder() / folder / (name + ".yaml");
}

}  // namespace distillar::datasets
