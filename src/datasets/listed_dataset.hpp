#pragma once
/// Private to datasets: what every data set shares. A data set on disk is a list of scans.
#include <optional>
#include <string>
#include <vector>

#include "datasets/dataset.hpp"
#include "formats/cloud.hpp"

namespace distillar::datasets {

/// One scan of the list.
struct Entry {
    std::string id;
    std::filesystem::path scan;
    std::filesystem::path labels;  ///< empty: there is no label file
    std::size_t group = 0;         ///< the data set's own: which sequence
    std::size_t number = 0;        ///< the data set's own: the frame's number or place
};

/// A data set over a list of scans; applies the selection's `frames` and `labels`.
class ListedDataset : public Dataset {
public:
    /// @throws base::Error if nothing is selected.
    ListedDataset(std::string format, Selection selection, std::vector<Entry> entries);

    const std::string& format() const final { return format_; }
    std::size_t size() const final { return entries_.size(); }
    const std::string& id(std::size_t index) const final { return entries_.at(index).id; }
    bool labelled(std::size_t index) const override { return !entries_.at(index).labels.empty(); }
    /// The id and the source file; data sets that know more add it.
    Frame outline(std::size_t index) const override;
    std::map<std::uint32_t, std::string> label_names() const override { return {}; }
    std::string label_layout() const override { return ""; }

protected:
    const Selection& selection() const { return selection_; }
    const Entry& entry(std::size_t index) const { return entries_.at(index); }

private:
    std::string format_;
    Selection selection_;
    std::vector<Entry> entries_;
};

/// Puts the cloud's finite points into the frame, with intensity, labels and file_rows, and counts.
/// A point is finite if its coordinates are, lie within 1e8 m, and its intensity is finite.
/// @param labels        one per row of the file, or empty.
/// @param T_frame_file  from the file's coordinates to the frame's.
/// @param sensor        only points of this sensor (Cloud::sensor); all if not given.
/// @throws base::Error  if no point is left.
void fill_points(Frame& frame, const formats::Cloud& cloud,
                 const std::vector<std::uint32_t>& labels, const geometry::Pose& T_frame_file,
                 std::optional<std::uint8_t> sensor = std::nullopt);

/// (x, y, z) -> (y, -x, z): from x right, y forward to the canonical frame.
geometry::Pose canonical_from_y_forward();

/// Width and height of the view's camera from the image's header.
void take_image_size(CameraView& view);

}  // namespace distillar::datasets
