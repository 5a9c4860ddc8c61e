#include "training/provenance.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "datasets/simulated.hpp"

namespace distillar::training {

std::string name_of_part(const datasets::Mixture& mixture, std::size_t part) {
    const datasets::Selection& selection = mixture.selection(part);
    std::string name = mixture.part(part).format();
    for (const auto& word : {base::join(selection.sequences, ","),
                             selection.split == "all" ? "" : selection.split, selection.sensor}) {
        if (!word.empty()) {
            name += ':';
            name += word;
        }
    }
    return name;
}

void add_origin(const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance) {
    auto& data_sets = provenance.data_sets;
    auto& licences = provenance.data_licence;
    for (std::size_t i = 0; i < mixture.parts(); ++i) {
        const bool simulated = datasets::is_simulated(mixture.selection(i).path);
        const std::string name = (simulated ? "simulated " : "") + name_of_part(mixture, i);
        if (std::find(data_sets.begin(), data_sets.end(), name) == data_sets.end()) {
            data_sets.push_back(name);
        }
        const std::string licence = simulated ? "" : datasets::licence_of(mixture.part(i).format());
        if (licences.find(licence) == std::string::npos) {
            licences += licences.empty() ? "" : ", ";
            licences += licence;
        }
    }
}

}  // namespace distillar::training
