#include "datasets/simulated.hpp"

#include <algorithm>

namespace distillar::datasets {

namespace fs = std::filesystem;

bool is_simulated(const fs::path& data_set) {
    const auto told = [](const fs::path& folder) {
        return fs::exists(folder / "extras/simulation.yaml");
    };
    if (told(data_set) || told(data_set.parent_path())) {
        return true;
    }
    std::error_code absent;
    const fs::directory_iterator sequences(data_set / "sequences", absent);
    return std::any_of(begin(sequences), end(sequences), told);
}

}  // namespace distillar::datasets
