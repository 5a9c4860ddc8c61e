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
    const auto& backbone = model.description.backbone;
    model.int8_scales = take_int8_scales(model.tensors, static_cast<std::size_t>(backbone.channels),
                                         static_cast<std::size_t>(backbone.depth), file);
    if (model.int8_scales.has_value() != model.description.quantization.has_value()) {
        base::fail_in(file,
                      "the description and the tensors disagree on whether it is quantized: "
                      "quantize the model again");
    }
    return model;
}

void write_model(const std::filesystem::path& file, const ModelFile& model) {
    check_description(model.description, file);
    Tensors tensors = model.tensors;
    ModelDescription description = model.description;
    if (model.int8_scales) {
        add_int8_scales(*model.int8_scales, tensors);
    } else {
        description.quantization.reset();  // of weights that were trained on
    }
    write_safetensors(file, tensors, {{metadata_key, description_to_json(description, file)}});
}

void require_lidar_only(const ModelDescription& description, const std::string& source) {
    if (description.fusion) {
        base::fail(
            "{}: is a fused model, which looks at images: use it in `distillar segment` or "
            "`evaluate` on the CPU in fp32 or on a GPU; its student, model.safetensors of the same "
            "run, needs no image",
            source);
    }
}

}  // namespace distillar::formats
