#include "formats/ply.hpp"

#include "fuzz/clouds.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(ply) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { fuzz::check(formats::read_ply(path)); });
}
