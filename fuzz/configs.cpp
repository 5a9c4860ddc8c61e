/// The YAML files of the rooms without LibTorch: classes, model descriptions, selections of data.
#include "datasets/dataset.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/model_file.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(configs) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] {
        const auto taxonomy = datasets::load_taxonomy_file(path);
        const auto count = taxonomy.classes.size();
        fuzz::require(taxonomy.palette.size() == count && taxonomy.representative.size() == count,
                      "a class without colour or id");
        taxonomy.map(taxonomy.representative);
    });
    fuzz::survive([&] { formats::description_from_yaml(path); });
    fuzz::survive([&] {
        for (const auto& entry : base::Yaml::load(path).list()) {
            const auto selection = datasets::selection_from(entry);
            datasets::select_frames({"00/000000", "00/000001", "01/000000"}, selection.frames);
        }
    });
}
