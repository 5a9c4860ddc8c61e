#pragma once
#include <string>
#include <vector>

#include "datasets/taxonomy.hpp"
#include "formats/model_file.hpp"
#include "runtime/random_model.hpp"

namespace distillar::test {

/// Of a network of three layers on a field of 40 x 40 m, with a linear head.
inline formats::ModelDescription small_description(int channels,
                                                   const std::vector<std::string>& classes) {
    formats::ModelDescription description;
    description.backbone.channels = channels;
    description.backbone.depth = 3;
    description.input.fov = {{-20, -20, -4}, {20, 20, 4}};
    description.input.grids = {{2, 40, 40}, {1, 40, 8}, {0, 40, 8}};
    description.head.kind = "linear";
    description.head.outputs = static_cast<int>(classes.size());
    for (const auto& name : classes) {
        description.classes.push_back({name, {}});
    }
    return description;
}

/// The same with the classes of PandaSet that many settings share (pd8).
inline formats::ModelDescription small_pd8_description(int channels) {
    auto description = small_description(channels, datasets::load_taxonomy("pandaset-pd8").classes);
    description.class_set = "pd8";
    return description;
}

}  // namespace distillar::test
