#pragma once
#include <string>

#include "datasets/mixture.hpp"
#include "formats/model_file.hpp"

namespace distillar::training {

/// "pandaset:002:pandar64": one entry of a mixture.
std::string name_of_part(const datasets::Mixture& mixture, std::size_t part);

/// Adds the data sets of a run and their licences to where its result comes from; what the weights
/// it started from say there stays.
void add_origin(const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance);

}  // namespace distillar::training
