#pragma once
#include "datasets/mixture.hpp"
#include "formats/model_file.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// Where a result comes from: the data sets of this run and their licences, after those of the
/// model file it started from, whose teacher it keeps.
void add_origin(const RunConfig& config, const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance);

}  // namespace distillar::training
