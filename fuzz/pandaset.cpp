/// PandaSet's gzip files of a pickled data frame, as a whole.
#include "formats/pandaset.hpp"

#include "fuzz/clouds.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(pandaset) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { fuzz::check(formats::read_pandaset_lidar(path)); });
    fuzz::survive([&] { formats::read_pandaset_labels(path); });
}
