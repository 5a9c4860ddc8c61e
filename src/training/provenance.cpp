#include "training/provenance.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace distillar::training {

namespace {

/// "pandaset:002:pandar64"
std::string name_of(const datasets::Selection& selection, const std::string& format) {
    std::string name = format;
    for (const auto& part : {base::join(selection.sequences, ","),
                             selection.split == "all" ? "" : selection.split, selection.sensor}) {
        if (!part.empty()) {
            name += ':';
            name += part;
        }
    }
    return name;
}

}  // namespace

void add_origin(const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance) {
    auto& data_sets = provenance.data_sets;
    auto& licences = provenance.data_licence;
    for (std::size_t i = 0; i < mixture.parts(); ++i) {
        const std::string& format = mixture.part(i).format();
        const std::string name = name_of(mixture.selection(i), format);
        if (std::find(data_sets.begin(), data_sets.end(), name) == data_sets.end()) {
            data_sets.push_back(name);
        }
        const std::string licence = datasets::licence_of(format);
        if (licences.find(licence) == std::string::npos) {
            licences += licences.empty() ? "" : ", ";
            licences += licence;
        }
    }
}

}  // namespace distillar::training
