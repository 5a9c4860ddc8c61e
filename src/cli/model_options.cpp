#include "cli/model_options.hpp"

#include "base/error.hpp"
#include "cli/command.hpp"
#include "models/machine.hpp"
#include "runtime/precision_names.hpp"
#include "training/teacher.hpp"

namespace distillar::cli {

void ModelOptions::add_to(CLI::App& command) {
    command.add_option("--model", model, "a segmentation model")->required();
    command.add_option("--device", device, "cpu or cuda")->capture_default_str();
    command.add_option("--precision", precision, "of the network on the CPU")
        ->check(CLI::IsMember(runtime::precision_names()))
        ->capture_default_str();
    command
        .add_option("--teacher", teacher,
                    "of a fused model: a config with the `teacher` that it was trained with, such "
                    "as its run's config.yaml")
        ->type_name("CONFIG");
    add_trust_option(command, trust);
}

std::unique_ptr<inference::FramePredictor> ModelOptions::open(bool with_entropy) const {
    const formats::ModelFile file = formats::read_model(model);
    const bool fused = file.description.fusion.has_value();
    inference::PredictorOptions options;
    options.device = device;
    options.precision = runtime::precision_named(precision);
    options.with_entropy = with_entropy;
    if (fused && options.precision != runtime::Precision::fp32) {
        base::fail_in(model, "is a fused model, which runs in fp32; leave out --precision");
    }
    if (!fused && !teacher.empty()) {
        base::fail_in(model, "looks at no image, so --teacher means nothing to it; leave that out");
    }
    if (fused || options.device != "cpu" || !runtime::has_engine(file.description)) {
        models::set_up_machine();
    }
    if (!teacher.empty()) {
        auto config = training::load_teacher(teacher);
        config.trusted = trust;
        options.teacher = training::open_teacher(config, models::device_named(device));
    }
    return inference::open_predictor(file, model.string(), std::move(options));
}

}  // namespace distillar::cli
