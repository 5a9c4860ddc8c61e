#include "runtime/measure/pinned_model.hpp"

namespace distillar::runtime {

formats::ModelDescription pinned_model(int channels, int layers) {
    formats::ModelDescription description;
    description.backbone.channels = channels;
    description.backbone.depth = layers;
    description.head.kind = "bn_linear";
    description.head.outputs = 16;
    description.input.fov = {{-50, -50, -5}, {50, 50, 3}};
    description.input.grids = {{2, 250, 250}, {1, 250, 20}, {0, 250, 20}};
    description.sensor.intensity = {18.742355F, 22.04632F};
    for (int c = 0; c < 16; ++c) {
        description.classes.push_back({"class" + std::to_string(c), {}});
    }
    return description;
}

}  // namespace distillar::runtime
