/// A safetensors file, and a header whose length is told rightly.
#include "formats/safetensors.hpp"

#include "fuzz/files.hpp"
#include "fuzz/tensors.hpp"

using namespace distillar;

FUZZ_TARGET(safetensors) {
    static fuzz::MemoryFile file;
    const auto& whole = file.lay(bytes);
    fuzz::survive([&] { fuzz::use(formats::read_safetensors(whole).tensors); });
    const std::uint64_t length = bytes.size();
    std::string framed(reinterpret_cast<const char*>(&length), sizeof(length));
    framed += fuzz::text_of(bytes);
    for (const std::size_t data : {0u, 8u}) {
        const auto& path = file.lay(framed + std::string(data, '\1'));
        fuzz::survive([&] { fuzz::use(formats::read_safetensors(path).tensors); });
        fuzz::survive([&] { formats::read_safetensors_metadata(path); });
    }
}
