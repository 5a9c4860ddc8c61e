#pragma once
/// Cases made up from this code's own networks: they show that distillar-parity reads every size
/// from the case, and what it says about cases that are wrong.

#include <filesystem>
#include <string>

#include "formats/safetensors.hpp"
#include "models/network.hpp"
#include "models/torch.hpp"

namespace distillar::test {

struct MadeCase {
    models::WaffleIronConfig backbone;
    models::HeadConfig head;
    std::vector<geometry::PlaneGrid> grids{{2, 9, 7}};
    int neighbors = 5;
    std::vector<std::int64_t> lengths{40};
    bool training = true;  ///< needs scans of equal length
};

/// Small, with every size away from the published ones.
MadeCase small_case();

/// Writes `NAME.safetensors` (weights) and `NAME.case.safetensors` into the folder.
struct MadeFiles {
    std::filesystem::path weights;
    std::filesystem::path reference;
};
MadeFiles write_case(const std::filesystem::path& folder, const MadeCase& made);

/// Runs distillar-parity in this process. @return exit code as the program would give it.
struct ParityResult {
    int code = 0;
    std::string output;  ///< or the error
};
ParityResult parity(const std::filesystem::path& weights, const std::filesystem::path& reference,
                    const std::filesystem::path& cloud = {},
                    const std::filesystem::path& cameras = {});

/// Reads, changes and writes back a safetensors file.
template <typename Change>
void change_file(const std::filesystem::path& file, Change&& change) {
    formats::SafeTensors content = formats::read_safetensors(file);
    change(content);
    formats::write_safetensors(file, content.tensors, content.metadata);
}

}  // namespace distillar::test
