/// A torch.save file as a whole: the zip layout and the legacy one.
#include "formats/pth.hpp"

#include "fuzz/files.hpp"
#include "fuzz/tensors.hpp"

using namespace distillar;

FUZZ_TARGET(pth) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    formats::is_pth(path);
    fuzz::survive([&] { fuzz::use(formats::read_pth(path)); });
}
