/// The config of a run, as each stage reads it. What a run folder keeps of it says the same again:
/// that text decides whether the run may go on.
#include "training/config.hpp"

#include "fuzz/files.hpp"

using namespace distillar;

namespace {

/// The model that `weights` will be, where the file is not there.
formats::ModelDescription model_to_come() {
    formats::ModelDescription model;
    model.backbone.channels = 64;
    model.backbone.depth = 6;
    model.head.kind = "linear";
    model.class_set = "two";
    model.classes = {{"road", {1, 2, 3}}, {"car", {4, 5, 6}}};
    return model;
}

}  // namespace

FUZZ_TARGET(run_config) {
    static fuzz::MemoryFile file;
    static const auto model = model_to_come();
    using training::Stage;
    const auto resolved_from = [](const std::filesystem::path& path, Stage stage) {
        const auto config = training::new_run_config(stage);
        training::load_config(*config, path, {}, &model);
        return config->resolved;
    };
    for (const Stage stage :
         {Stage::pretrain, Stage::probe, Stage::train, Stage::adapt, Stage::fuse}) {
        std::string resolved, again;
        fuzz::survive([&] { resolved = resolved_from(file.lay(bytes), stage); });
        if (!resolved.empty()) {
            fuzz::survive([&] { again = resolved_from(file.lay(resolved), stage); });
            fuzz::require(again == resolved, "a resolved config does not read back as it was");
        }
    }
}
