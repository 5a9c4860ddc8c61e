#include "training/provenance.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace distillar::training {

namespace {

void add_once(std::vector<std::string>& list, const std::string& entry) {
    if (!entry.empty() && std::find(list.begin(), list.end(), entry) == list.end()) {
        list.push_back(entry);
    }
}

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

void add_origin(const RunConfig& config, const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance) {
    std::vector<std::string> licences;
    if (!config.weights.empty()) {
        const auto before = formats::read_model(config.weights).description.provenance;
        provenance.data_sets = before.data_sets;
        provenance.teacher = before.teacher;
        provenance.teacher_licence = before.teacher_licence;
        add_once(licences, before.data_licence);
    }
    for (std::size_t i = 0; i < mixture.size(); ++i) {
        const std::string& format = mixture.dataset_of(i).format();
        add_once(provenance.data_sets, name_of(mixture.selection_of(i), format));
        const std::string licence = datasets::licence_of(format);
        const bool listed = std::any_of(licences.begin(), licences.end(), [&](const auto& known) {
            return known.find(licence) != std::string::npos;
        });
        if (!listed) {
            add_once(licences, licence);
        }
    }
    provenance.data_licence = base::join(licences);
}

}  // namespace distillar::training
