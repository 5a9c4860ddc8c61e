/// JSON of calibrations: PandaSet's poses.
#include "datasets/json.hpp"

#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(json) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { datasets::number_at(datasets::read_json(path), "fx", path); });
    fuzz::survive([&] {
        for (const auto& pose : datasets::read_pandaset_poses(path)) {
            fuzz::require(pose.matrix().allFinite(), "a pose is not finite");
        }
    });
}
