/// JSON of calibrations: PandaSet's poses.
#include "formats/json.hpp"

#include "datasets/pandaset_sequence.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(json) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] {
        const auto json = formats::read_json(path);
        formats::JsonFields fields(json, "", path);
        fields.number("fx");
        fields.finish();
    });
    fuzz::survive([&] {
        for (const auto& pose : datasets::read_pandaset_poses(path)) {
            fuzz::require(pose.matrix().allFinite(), "a pose is not finite");
        }
    });
}
