#include "formats/pcd.hpp"

#include "fuzz/clouds.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(pcd) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { fuzz::check(formats::read_pcd(path)); });
}
