#include "datasets/labelling.hpp"

#include "base/error.hpp"

namespace distillar::datasets {

geometry::Scan Labelling::scan(const Frame& frame) const {
    geometry::Scan scan = scan_of(frame, &taxonomy);
    if (scan.labels.empty()) {
        scan.labels.assign(static_cast<std::size_t>(scan.points.rows()), geometry::ignore_label);
    }
    if (side.max_range > 0) {
        for (Eigen::Index i = 0; i < frame.points.rows(); ++i) {
            if (frame.points.row(i).norm() >= side.max_range) {
                scan.labels[static_cast<std::size_t>(i)] = geometry::ignore_label;
            }
        }
    }
    return scan;
}

Labelling labelling_of(const std::string& setting, const std::string& side) {
    const Setting loaded = load_setting(setting);
    if (side != "source" && side != "target") {
        base::fail("side '{}' is not one of: source, target", side);
    }
    Labelling labelling;
    labelling.side = side == "source" ? loaded.source : loaded.target;
    require_reader(loaded, labelling.side.format);
    labelling.taxonomy = load_taxonomy(labelling.side.taxonomy);
    return labelling;
}

void require_format(const Labelling& labelling, const std::string& format,
                    const std::string& where) {
    const bool any_ids = format == "log" || format == "folder" || format.empty();
    if (!any_ids && format != labelling.side.format) {
        base::fail(
            "{}: is {}, but the setting's labels here are {}'s; choose another setting or side",
            where, format, labelling.side.format);
    }
}

bool has_labels(const Dataset& dataset) {
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        if (dataset.labelled(i)) {
            return true;
        }
    }
    return false;
}

void require_labels(const Labelling& labelling, const Dataset& dataset, const std::string& where) {
    require_format(labelling, dataset.format(), where);
    if (!has_labels(dataset)) {
        base::fail("{}: none of the {} selected frames has labels; select labelled ones", where,
                   dataset.size());
    }
}

void require_labels(const Labelling& labelling, const Mixture& mixture) {
    for (std::size_t i = 0; i < mixture.parts(); ++i) {
        require_labels(labelling, mixture.part(i), mixture.selection(i).path.string());
    }
}

void describe_classes(const Taxonomy& taxonomy, formats::ModelDescription& model) {
    model.class_set = taxonomy.class_set;
    model.classes.clear();
    for (std::size_t i = 0; i < taxonomy.classes.size(); ++i) {
        model.classes.push_back({taxonomy.classes[i], taxonomy.palette[i]});
    }
    model.head.outputs = static_cast<int>(taxonomy.classes.size());
}

}  // namespace distillar::datasets
