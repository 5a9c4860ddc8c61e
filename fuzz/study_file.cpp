/// The file of a study, which refers to itself: settings to data, recipes to recipes.
#include "fuzz/files.hpp"
#include "study/study.hpp"

using namespace distillar;

FUZZ_TARGET(study_file) {
    static fuzz::MemoryFile file;
    fuzz::survive([&] { study::load_study(file.lay(bytes), "out"); });
}
