#pragma once
#include <vector>

#include "datasets/mixture.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/model_file.hpp"

namespace distillar::datasets {

/// How the raw labels of one side of a setting become classes.
struct Labelling {
    Setting::Side side;
    Taxonomy taxonomy;

    /// A frame's scan with labels 0..C-1; 255 where ignored or beyond the side's range.
    geometry::Scan scan(const Frame& frame) const;
};

/// @param side  "source" or "target".
Labelling labelling_of(const std::string& setting, const std::string& side);

/// @throws base::Error if labels of this format are not this side's raw ids; a log, a bare folder
/// or an unknown format ("") may carry any.
void require_format(const Labelling& labelling, const std::string& format,
                    const std::string& where);

/// Whether one selected frame at least is labelled.
bool has_labels(const Dataset& dataset);

/// @throws base::Error if the data set's labels are not this side's raw ids (another format; a log
/// or bare folder may carry any), or no selected frame is labelled.
void require_labels(const Labelling& labelling, const Dataset& dataset, const std::string& where);

/// The same for every part of a mixture.
void require_labels(const Labelling& labelling, const Mixture& mixture);

/// Names, order and colours of the classes, as the model file holds them.
void describe_classes(const Taxonomy& taxonomy, formats::ModelDescription& model);

}  // namespace distillar::datasets
