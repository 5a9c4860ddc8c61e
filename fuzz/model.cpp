/// A model file as a whole, and its description, which comes back as it was written.
#include "formats/model_json.hpp"
#include "fuzz/files.hpp"
#include "fuzz/tensors.hpp"

using namespace distillar;

FUZZ_TARGET(model) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { fuzz::use(formats::read_model(path).tensors); });
    fuzz::survive([&] {
        const auto description = formats::description_from_json(fuzz::text_of(bytes), path);
        formats::check_description(description, path);
        const auto text = formats::description_to_json(description, path);
        const auto again = formats::description_from_json(text, path);
        fuzz::require(formats::description_to_json(again, path) == text,
                      "a description comes back otherwise");
    });
}
