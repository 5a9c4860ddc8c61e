#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "datasets/frame.hpp"

namespace distillar::datasets {

/// What to read: the same words in configs and on the command line (architecture.md).
struct Selection {
    std::string format;  ///< "" = recognise from files
    std::filesystem::path path;
    std::vector<std::string> sequences;  ///< or scenes; empty = all
    std::string sensor;                  ///< "" = all
    std::vector<std::string> cameras;  ///< empty = all there are; a named one that is absent: error
    bool with_cameras = true;          ///< false: views stay empty and no image is looked for
    std::string frames;                ///< "start:stop:step" or ids separated by commas; "" = all
    std::string split = "all";         ///< official splits by name: train, val, test, ...
    bool labels = true;                ///< read labels where present
    double weight = 1;                 ///< relative sampling weight in a mixture
    bool published_frame = false;      ///< `frame: published`
};

/// One entry of a config's data list. Unknown keys are errors. Paths may hold $VARIABLES.
Selection selection_from(const base::Yaml& yaml);
/// "FORMAT:PATH" or "PATH".
Selection selection_from(const std::string& argument);
/// The frames of `ids` (in order) that a selection's `frames` names: ids, whole ("002/05") or by
/// their last part ("05"), or "start:stop:step". Where every id ends in a number of at most six
/// digits (PandaSet, KITTI), start and stop are those numbers, in every sequence; else they are
/// places in the list as in Python. @throws base::Error if an id is not there, naming the nearest,
/// or a slice is empty.
std::vector<std::size_t> select_frames(const std::vector<std::string>& ids,
                                       const std::string& frames);

/// A data set on disk, with a selection applied. read() is safe from several threads.
class Dataset {
public:
    virtual ~Dataset() = default;
    virtual const std::string& format() const = 0;  ///< "semantickitti", "nuscenes", ...
    virtual std::size_t size() const = 0;
    virtual const std::string& id(std::size_t index) const = 0;
    virtual bool labelled(std::size_t index) const = 0;  ///< a label file is there and asked for
    /// @throws base::Error if a file is broken or a camera asked for by name is absent.
    virtual Frame read(std::size_t index) const = 0;
    /// The frame without points, labels and views: what it is, where and when. Opens no file.
    /// @throws base::Error if the data set has poses or times, but none for this frame.
    virtual Frame outline(std::size_t index) const = 0;
    /// Raw label names by id, where the data set has them (for info and classes.json).
    virtual std::map<std::uint32_t, std::string> label_names() const = 0;
    /// How raw labels are written: "label" (SemanticKITTI uint32; also PandaSet's raw ids),
    /// "lidarseg" (uint8), or "" (the layout has no raw ids: KITTI object, log, folder; the
    /// taxonomy's indices are written as .label).
    virtual std::string label_layout() const = 0;
};

/// Formats: semantickitti, nuscenes, pandaset, kitti, log, folder.
const std::vector<std::string>& known_formats();

/// Licence of the public data set that has this format; "" for formats of anybody's data.
std::string licence_of(const std::string& format);

/// The taxonomy with the most classes of a format's labels; "" where these may mean anything.
std::string finest_taxonomy_of(const std::string& format);

/// The formats whose layout this folder (or file) shows.
std::vector<std::string> recognise(const std::filesystem::path& path);

/// @throws base::Error if nothing is there, the layout is ambiguous (naming the candidates), a
/// sequence, split, sensor or frame asked for is not there, or nothing is selected.
std::unique_ptr<Dataset> open_dataset(const Selection& selection);

}  // namespace distillar::datasets
