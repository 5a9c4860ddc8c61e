#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace distillar::datasets {

/// Classes of a task and how a data set's raw ids map onto them. Inside the program classes are
/// 0..C-1 with 255 = ignore; in files 1..C with 0 = ignore.
struct Taxonomy {
    std::string name;       ///< "pandaset-pd8"
    std::string format;     ///< whose raw ids: "pandaset", ...
    std::string class_set;  ///< "pd8": taxonomies of one class set share classes and order
    std::vector<std::string> classes;                    ///< C names, in order
    std::vector<std::array<std::uint8_t, 3>> palette;    ///< C colours
    std::map<std::uint32_t, std::uint8_t> raw_to_class;  ///< raw id -> 0..C-1 or 255
    std::map<std::uint32_t, std::string> raw_names;      ///< raw id -> its own name
    std::vector<std::uint32_t> representative;           ///< C raw ids, for writing

    /// @throws base::Error naming an id that the taxonomy does not know.
    std::vector<std::uint8_t> map(const std::vector<std::uint32_t>& raw) const;
};

/// A domain shift: labels are read with `source`'s taxonomy, tested with `target`'s.
struct Setting {
    struct Side {
        std::string format;    ///< "nuscenes", "pandaset", ...
        std::string taxonomy;  ///< name of the taxonomy file
        std::string sensor;    ///< "" = any
        double max_range =
            0;  ///< metres; points beyond are ignored (SALUDA: 50 on KITTI); 0 = none
    };
    std::string name;
    std::string origin;  ///< who published it
    Side source;
    Side target;
};

/// configs/taxonomies/NAME.yaml. @throws base::Error with the nearest name if there is none.
Taxonomy load_taxonomy(const std::string& name);
/// configs/settings/NAME.yaml.
Setting load_setting(const std::string& name);
std::vector<std::string> taxonomy_names();
std::vector<std::string> setting_names();

/// Is there a reader for this format? Settings whose data set has none (Waymo, SynLiDAR,
/// SemanticPOSS) say so when used.
void require_reader(const Setting& setting, const std::string& format);

/// A file of class names, `{classes: [{name, color?, raw: [ids]}...]}`: for a log's own labels.
Taxonomy load_taxonomy_file(const std::filesystem::path& file);

}  // namespace distillar::datasets
