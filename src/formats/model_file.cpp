#include "formats/model_file.hpp"

#include "base/error.hpp"
#include "formats/model_json.hpp"
#include "formats/safetensors.hpp"

namespace distillar::formats {

namespace {

constexpr const char* metadata_key = "distillar";

}  // namespace

ModelFile read_model(const std::filesystem::path& file) {
    SafeTensors stored = read_safetensors(file);
    const auto text = stored.metadata.find(metadata_key);
    if (text == stored.metadata.end()) {
        base::fail_in(file,
                      "not a described model: make one of it with `distillar convert {} "
                      "OUT.safetensors --describe FILE.yaml`",
                      file.filename().string());
    }
    ModelFile model{description_from_json(text->second, file), std::move(stored.tensors)};
    check_description(model.description, file);
    return model;
}

void write_model(const std::filesystem::path& file, const ModelFile& model) {
    check_description(model.description, file);
    write_safetensors(file, model.tensors,
                      {{metadata_key, description_to_json(model.description, file)}});
}

}  // namespace distillar::formats
